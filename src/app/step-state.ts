import type { StartFingerprint } from "../core/run-matching.ts";
import type { RunSnapshot } from "../core/run-snapshot.ts";
import type { Runner } from "../ports.ts";

/** What is known of the requests that may have started a run. */
export interface PendingStart {
  readonly pipelineId: number;
  /** When the first of them went out, by this machine's clock. */
  readonly startedAt: number;
  /** How many there were. */
  readonly attempts: number;
  readonly fingerprint: StartFingerprint;
}

/** What the post step has to know, as far as the main step got. Saved before each step that could be its last. */
export type Phase =
  | { readonly at: "idle" }
  | ({ readonly at: "starting" } & PendingStart)
  | {
      readonly at: "following";
      readonly runId: number;
      readonly isOwn: boolean;
      /** Of a start that had to be asked again, while its other runs have not been looked for. */
      readonly duplicateSearch?: PendingStart;
    }
  /** Nothing is to be done about the run any more, but its signs may still say that it goes on. */
  | { readonly at: "left"; readonly runId: number }
  | { readonly at: "settled" };

export type PhaseOf<Name extends Phase["at"]> = Extract<Phase, { at: Name }>;

const phaseKey = "phase";

export function savePhase(runner: Pick<Runner, "saveState">, phase: Phase): void {
  runner.saveState(phaseKey, JSON.stringify(phase));
}

/** Only this action writes its state, so what cannot be read is a state of no use. */
export function restorePhase(runner: Pick<Runner, "getState">): Phase {
  try {
    return JSON.parse(runner.getState(phaseKey)) as Phase;
  } catch {
    return { at: "idle" };
  }
}

const reportsClosedKey = "reports";

/** Check run and status have had their last word: the post step has none to add. */
export function saveReportsClosed(runner: Pick<Runner, "saveState">): void {
  runner.saveState(reportsClosedKey, "closed");
}

export function areReportsClosed(runner: Pick<Runner, "getState">): boolean {
  return runner.getState(reportsClosedKey) === "closed";
}

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
