import type { ArtifactStore, Clock, Pipelines, Runner, SignIn } from "../ports.ts";
import type { Outputs } from "./outputs.ts";

/** What a use case works with. */
export interface ActionDeps {
  readonly pipelines: Pipelines;
  readonly store: ArtifactStore;
  readonly signIn: SignIn;
  readonly runner: Runner;
  readonly clock: Clock;
  readonly outputs: Outputs;
}
