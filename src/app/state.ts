import type { Evidence } from "../core/evidence.ts";
import type { Host } from "../ports.ts";

/** What the post step has to know, as far as the main step got. Saved before each step that could be its last. */
export type Phase =
  | { readonly at: "idle" }
  | {
      readonly at: "starting";
      readonly pipelineId: number;
      /** When the first request went out whose run may exist. */
      readonly startedAt: number;
      /** How many such requests there were. */
      readonly asks: number;
      readonly evidence: Evidence;
    }
  | { readonly at: "following"; readonly runId: number; readonly isOurs: boolean }
  /** Nothing is to be done about the run any more, but its signs may still say that it goes on. */
  | { readonly at: "left"; readonly runId: number }
  | { readonly at: "settled" };

const key = "phase";

export function rememberPhase(host: Pick<Host, "remember">, phase: Phase): void {
  host.remember(key, JSON.stringify(phase));
}

/** Only this action writes its state, so what cannot be read is a state of no use. */
export function recallPhase(host: Pick<Host, "recall">): Phase {
  const text = host.recall(key);
  return text === "" ? { at: "idle" } : (JSON.parse(text) as Phase);
}

const signsKey = "signs";

/** Check run and status have had their last word: the post step has none to add. */
export function rememberSignsEnded(host: Pick<Host, "remember">): void {
  host.remember(signsKey, "ended");
}

export function haveSignsEnded(host: Pick<Host, "recall">): boolean {
  return host.recall(signsKey) === "ended";
}
