import type { Identity } from "../options.ts";
import { guidFrom } from "./ids.ts";

/** Who every accepted credential belongs to, unless an option says otherwise. */
export const serviceAccount: Identity = {
  id: guidFrom("identity release-robot"),
  displayName: "Release Robot",
  uniqueName: "release-robot@contoso.example",
};

/** Somebody of that display name. */
export function identityNamed(name: string): Identity {
  const account = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, ".");
  return { id: guidFrom(`identity ${name}`), displayName: name, uniqueName: `${account}@contoso.example` };
}
