import { type SimulatorState, serviceAccount } from "../engine/state.ts";
import type { ApiResponse } from "../http/response.ts";
import type { IncomingRequest } from "../http/server.ts";
import type { Acceptance, Credential, Identity } from "../options.ts";
import type { Route } from "./router.ts";

/** What answering takes: the world, who may enter it, and where it is. */
export interface ServerContext {
  readonly state: SimulatorState;
  readonly routes: readonly Route[];
  /** The forms that the collection's path may have. */
  readonly collectionPaths: readonly (readonly string[])[];
  readonly accepts: (credential: Credential) => Acceptance;
  readonly identity: ((credential: Credential) => Identity) | undefined;
  /** Pages for people, which need no signing in. */
  readonly page: (request: IncomingRequest) => ApiResponse | undefined;
  readonly origin: () => string;
  readonly artifactOrigin: () => string;
  readonly blobOrigin: () => string;
}

export function callerIdentity({ identity }: ServerContext, credential: Credential): Identity {
  return identity?.(credential) ?? serviceAccount;
}
