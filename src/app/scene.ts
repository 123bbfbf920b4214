import type { Inputs } from "../inputs.ts";
import type { Course } from "./course.ts";
import type { Means } from "./means.ts";
import type { Signs } from "./signs.ts";
import type { TaskLogs } from "./task-logs.ts";

/** Everything there is once a run is being followed. */
export interface Scene {
  readonly inputs: Inputs;
  readonly means: Means;
  readonly course: Course;
  readonly logs: TaskLogs;
  readonly signs: Signs;
}
