import type { Identity } from "../options.ts";
import { guidFrom } from "./ids.ts";

/** The owner of every accepted credential, unless an option sets another. */
export const serviceAccount: Identity = {
  id: guidFrom("identity release-robot"),
  displayName: "Release Robot",
  uniqueName: "release-robot@contoso.example",
};

/** An identity with that display name. */
export function identityNamed(name: string): Identity {
  const account = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, ".");
  return { id: guidFrom(`identity ${name}`), displayName: name, uniqueName: `${account}@contoso.example` };
}
