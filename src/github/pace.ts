import type { Clock } from "../ports.ts";

/** When updates may go to GitHub: one in 30 s, in turns where a check run and a status share it. */
export interface UpdateLimiter {
  register(): UpdateSlot;
}

interface UpdateSlot {
  isDue(): boolean;
  markUsed(): void;
}

const updateIntervalMs = 30_000;

export function createUpdateLimiter(clock: Clock): UpdateLimiter {
  let slotCount = 0;
  let lastUse: { readonly at: number; readonly usedBy: number } | undefined;
  return {
    register() {
      slotCount += 1;
      const slotId = slotCount;
      return {
        isDue() {
          if (lastUse === undefined) return true;
          // Whoever was last lets the others go first.
          const intervals = lastUse.usedBy === slotId ? slotCount : 1;
          return clock.now() - lastUse.at >= intervals * updateIntervalMs;
        },
        markUsed() {
          lastUse = { at: clock.now(), usedBy: slotId };
        },
      };
    },
  };
}
