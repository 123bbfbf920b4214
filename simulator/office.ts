import type { Answer } from "./answer.ts";
import type { Acceptance, Credential, Identity } from "./options.ts";
import type { Route } from "./router.ts";
import type { Arrival } from "./server.ts";
import { robot, type World } from "./world.ts";

/** What answering takes: the world, who may enter it, and where it is. */
export interface Office {
  readonly world: World;
  readonly routes: readonly Route[];
  /** The forms that the collection's path may have. */
  readonly collections: readonly (readonly string[])[];
  readonly accepts: (credential: Credential) => Acceptance;
  readonly identity: ((credential: Credential) => Identity) | undefined;
  /** Pages for people, which need no signing in. */
  readonly page: (arrival: Arrival) => Answer | undefined;
  readonly origin: () => string;
  readonly artifactHome: () => string;
  readonly signedOrigin: () => string;
}

export function identityOf({ identity }: Office, credential: Credential): Identity {
  return identity?.(credential) ?? robot;
}
