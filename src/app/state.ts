import type { Evidence } from "../core/evidence.ts";
import type { Host } from "../ports.ts";

/** What is known of the requests that may have started a run. */
export interface Asked {
  readonly pipelineId: number;
  /** When the first of them went out, by this machine's clock. */
  readonly startedAt: number;
  /** How many there were. */
  readonly asks: number;
  readonly evidence: Evidence;
}

/** What the post step has to know, as far as the main step got. Saved before each step that could be its last. */
export type Phase =
  | { readonly at: "idle" }
  | ({ readonly at: "starting" } & Asked)
  | {
      readonly at: "following";
      readonly runId: number;
      readonly isOurs: boolean;
      /** Of a start that had to be asked again, while its other runs have not been looked for. */
      readonly twins?: Asked;
    }
  /** Nothing is to be done about the run any more, but its signs may still say that it goes on. */
  | { readonly at: "left"; readonly runId: number }
  | { readonly at: "settled" };

export type At<Place extends Phase["at"]> = Extract<Phase, { at: Place }>;

const key = "phase";

export function rememberPhase(host: Pick<Host, "remember">, phase: Phase): void {
  host.remember(key, JSON.stringify(phase));
}

/** Only this action writes its state, so what cannot be read is a state of no use. */
export function recallPhase(host: Pick<Host, "recall">): Phase {
  try {
    return JSON.parse(host.recall(key)) as Phase;
  } catch {
    return { at: "idle" };
  }
}

const signsKey = "signs";

/** Check run and status have had their last word: the post step has none to add. */
export function rememberSignsEnded(host: Pick<Host, "remember">): void {
  host.remember(signsKey, "ended");
}

export function haveSignsEnded(host: Pick<Host, "recall">): boolean {
  return host.recall(signsKey) === "ended";
}
