import type { RunDocument } from "../core/model.ts";
import type { Host } from "../ports.ts";
import { type Phase, rememberPhase } from "./state.ts";

/** How far the step has come: what whoever has to clean up goes by, in this process or in the post step. */
export interface Course {
  readonly phase: Phase;
  /** As of the last look. */
  readonly document: RunDocument | undefined;
  enter(phase: Phase): void;
  see(document: RunDocument): void;
}

export function createCourse(host: Pick<Host, "remember">): Course {
  let phase: Phase = { at: "idle" };
  let document: RunDocument | undefined;
  return {
    get phase() {
      return phase;
    },
    get document() {
      return document;
    },
    enter: (next) => {
      phase = next;
      rememberPhase(host, next);
    },
    see: (seen) => {
      document = seen;
    },
  };
}
