import type { StartFingerprint } from "../core/evidence.ts";
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
