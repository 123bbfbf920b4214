import type { Runner } from "../ports.ts";
import type { RunSnapshot } from "./follow.ts";
import { type Phase, savePhase } from "./state.ts";

/** How far the step has come. By this a step that is called off, and its post step, know what is to be cancelled. */
export interface StepState {
  readonly phase: Phase;
  /** As of the last look. */
  readonly snapshot: RunSnapshot | undefined;
  setPhase(phase: Phase): void;
  setSnapshot(snapshot: RunSnapshot): void;
  /** Answers true the first time: the story's end is told once, whichever way the step ends. */
  tryFinalize(): boolean;
  readonly isFinalized: boolean;
}

export function createStepState(runner: Pick<Runner, "saveState">): StepState {
  let phase: Phase = { at: "idle" };
  let snapshot: RunSnapshot | undefined;
  let finalized = false;
  return {
    get phase() {
      return phase;
    },
    get snapshot() {
      return snapshot;
    },
    setPhase: (next) => {
      phase = next;
      savePhase(runner, next);
    },
    setSnapshot: (next) => {
      snapshot = next;
    },
    get isFinalized() {
      return finalized;
    },
    tryFinalize: () => {
      const isFirst = !finalized;
      finalized = true;
      return isFirst;
    },
  };
}
