import type { ArtifactStore, Clock, Host, Pipelines, SignIn } from "../ports.ts";
import type { Outputs } from "./outputs.ts";

/** What a use case works with. */
export interface Means {
  readonly pipelines: Pipelines;
  readonly store: ArtifactStore;
  readonly signIn: SignIn;
  readonly host: Host;
  readonly clock: Clock;
  readonly outputs: Outputs;
}
