import type { Inputs } from "../inputs.ts";
import type { StepState } from "./course.ts";
import type { ActionDeps } from "./means.ts";
import type { CommitReports } from "./signs.ts";
import type { TaskLogs } from "./task-logs.ts";

/** Everything there is once a run is being followed. */
export interface TrackingContext {
  readonly inputs: Inputs;
  readonly deps: ActionDeps;
  readonly stepState: StepState;
  readonly logs: TaskLogs;
  readonly reports: CommitReports;
}
