import type { Identity } from "../options.ts";
import type { ApiRequest } from "./request.ts";

/** One address, as `_links` has it. */
export function link(href: string): { readonly href: string } {
  return { href };
}

export function identityRef(identity: Identity, request: ApiRequest) {
  const descriptor = `aad.${Buffer.from(identity.id).toString("base64url")}`;
  return {
    displayName: identity.displayName,
    url: `${request.collection}/_apis/Identities/${identity.id}`,
    _links: { avatar: link(`${request.collection}/_apis/GraphProfile/MemberAvatars/${descriptor}`) },
    id: identity.id,
    uniqueName: identity.uniqueName,
    imageUrl: `${request.collection}/_api/_common/identityImage?id=${identity.id}`,
    descriptor,
  };
}

export function projectRef(request: ApiRequest) {
  const { id, name } = request.state.project;
  return {
    id,
    name,
    url: `${request.collection}/_apis/projects/${id}`,
    state: "wellFormed",
    revision: 20,
    visibility: "private",
    lastUpdateTime: "2024-01-18T16:17:39.97Z",
  };
}
