import { type CaseInsensitiveMap, createCaseInsensitiveMap } from "./case-insensitive-map.ts";

/** What a step leaves behind, by commands in its output or by file commands. */
export interface StepEffects {
  readonly outputs: CaseInsensitiveMap;
  readonly state: CaseInsensitiveMap;
  readonly env: Record<string, string>;
  readonly paths: string[];
  readonly masks: string[];
  /** Set when a command could not be processed: the step fails whatever its exit code. */
  failed: boolean;
}

export function createStepEffects(): StepEffects {
  return {
    outputs: createCaseInsensitiveMap(),
    state: createCaseInsensitiveMap(),
    env: {},
    paths: [],
    masks: [],
    failed: false,
  };
}
