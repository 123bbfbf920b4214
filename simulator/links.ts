import type { Call } from "./call.ts";
import { guidFrom } from "./ids.ts";
import type { Identity } from "./options.ts";

/** One address, as `_links` has it. */
export function link(href: string): { readonly href: string } {
  return { href };
}

export function identityRef(who: Identity, call: Call) {
  const descriptor = `aad.${Buffer.from(who.id).toString("base64url")}`;
  return {
    displayName: who.displayName,
    url: `${call.collection}/_apis/Identities/${who.id}`,
    _links: { avatar: link(`${call.collection}/_apis/GraphProfile/MemberAvatars/${descriptor}`) },
    id: who.id,
    uniqueName: who.uniqueName,
    imageUrl: `${call.collection}/_api/_common/identityImage?id=${who.id}`,
    descriptor,
  };
}

export function identityNamed(name: string): Identity {
  const account = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, ".");
  return { id: guidFrom(`identity ${name}`), displayName: name, uniqueName: `${account}@contoso.example` };
}

export function projectRef(call: Call) {
  const { id, name } = call.world.project;
  return {
    id,
    name,
    url: `${call.collection}/_apis/projects/${id}`,
    state: "wellFormed",
    revision: 20,
    visibility: "private",
    lastUpdateTime: "2024-01-18T16:17:39.97Z",
  };
}

export const queueRef = {
  id: 18,
  name: "Azure Pipelines",
  pool: { id: 9, name: "Azure Pipelines", isHosted: true },
};
