import type { Host } from "../ports.ts";
import type { Sight } from "./follow.ts";
import { type Phase, rememberPhase } from "./state.ts";

/** How far the step has come. By this a step that is called off, and its post step, know what is to be cancelled. */
export interface Course {
  readonly phase: Phase;
  /** As of the last look. */
  readonly sight: Sight | undefined;
  enter(phase: Phase): void;
  see(sight: Sight): void;
  /** Answers true the first time: the story's end is told once, whichever way the step ends. */
  claimEnd(): boolean;
  readonly isEndTold: boolean;
}

export function createCourse(host: Pick<Host, "remember">): Course {
  let phase: Phase = { at: "idle" };
  let sight: Sight | undefined;
  let isTold = false;
  return {
    get phase() {
      return phase;
    },
    get sight() {
      return sight;
    },
    enter: (next) => {
      phase = next;
      rememberPhase(host, next);
    },
    see: (seen) => {
      sight = seen;
    },
    get isEndTold() {
      return isTold;
    },
    claimEnd: () => {
      const isFirst = !isTold;
      isTold = true;
      return isFirst;
    },
  };
}
