import type { Clock } from "../../src/lib/clock.ts";

/** Time that passes only when nobody has anything left to do before its next moment. */
interface VirtualClock extends Clock {
  /** Lets time pass until nobody sleeps any more. */
  exhaust(): Promise<void>;
}

/** Moments this close together are one: a million sleepers then wake in thousands of steps. Milliseconds. */
const grainMs = 100;

export function virtualClock(): VirtualClock {
  let now = 0;
  const sleepers = new Map<number, (() => void)[]>();
  const moments: number[] = [];
  return {
    now: () => now,
    sleep: (ms) => {
      const at = Math.ceil((now + Math.max(ms, 1)) / grainMs) * grainMs;
      const { promise, resolve } = Promise.withResolvers<void>();
      const others = sleepers.get(at);
      if (others === undefined) {
        sleepers.set(at, [resolve]);
        push(moments, at);
      } else {
        others.push(resolve);
      }
      return promise;
    },
    exhaust: async () => {
      for (let next = pop(moments); next !== undefined; next = pop(moments)) {
        now = next;
        const due = sleepers.get(next) ?? [];
        sleepers.delete(next);
        for (const wake of due) wake();
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

/** A heap: the smallest comes first. */
function push(heap: number[], value: number): void {
  let at = heap.push(value) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent] ?? 0;
    if (above <= value) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = value;
}

function pop(heap: number[]): number | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    const child = (heap[right] ?? Infinity) < (heap[left] ?? Infinity) ? right : left;
    const below = heap[child];
    if (below === undefined || below >= last) break;
    heap[at] = below;
    at = child;
  }
  heap[at] = last;
  return first;
}
