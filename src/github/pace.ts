import type { Clock } from "../ports.ts";

/** When updates may go to GitHub: one in 30 s, in turns where a check run and a status share it. */
export interface Pace {
  join(): Turn;
}

interface Turn {
  isDue(): boolean;
  taken(): void;
}

const pauseMs = 30_000;

export function createPace(clock: Clock): Pace {
  let members = 0;
  let last: { readonly at: number; readonly by: number } | undefined;
  return {
    join() {
      members += 1;
      const me = members;
      return {
        isDue() {
          if (last === undefined) return true;
          // Whoever was last lets the others go first.
          const pauses = last.by === me ? members : 1;
          return clock.now() - last.at >= pauses * pauseMs;
        },
        taken() {
          last = { at: clock.now(), by: me };
        },
      };
    },
  };
}
