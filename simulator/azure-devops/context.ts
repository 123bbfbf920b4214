import { serviceAccount } from "../engine/identities.ts";
import type { SimulatorState } from "../engine/state.ts";
import type { ApiResponse } from "../http/response.ts";
import type { IncomingRequest } from "../http/server.ts";
import type { Acceptance, Credential, Identity } from "../options.ts";
import type { Route } from "./router.ts";

/** What a request needs to be answered: the data, the access check, and the addresses. */
export interface ServerContext {
  readonly state: SimulatorState;
  readonly routes: readonly Route[];
  /** The forms that the collection's path may have. */
  readonly collectionPaths: readonly (readonly string[])[];
  readonly accepts: (credential: Credential) => Acceptance;
  /** Of the organization, in Entra ID. */
  readonly tenantId: string;
  readonly identity: ((credential: Credential) => Identity) | undefined;
  /** Pages for people, which need no sign-in. */
  readonly page: (request: IncomingRequest) => ApiResponse | undefined;
  readonly origin: () => string;
  readonly artifactOrigin: () => string;
  readonly blobOrigin: () => string;
}

export function callerIdentity({ identity }: ServerContext, credential: Credential): Identity {
  return identity?.(credential) ?? serviceAccount;
}
