import { type Caseless, caseless } from "./caseless.ts";

/** What a step leaves behind, by commands in its output or by file commands. */
export interface StepState {
  readonly outputs: Caseless;
  readonly state: Caseless;
  readonly env: Record<string, string>;
  readonly paths: string[];
  readonly masks: string[];
  readonly matchers: string[];
  /** Set when a command could not be processed: the step fails whatever its exit code. */
  failed: boolean;
}

export function createStepState(): StepState {
  return {
    outputs: caseless(),
    state: caseless(),
    env: {},
    paths: [],
    masks: [],
    matchers: [],
    failed: false,
  };
}
