import type { Clock } from "../../src/lib/time.ts";

/** A clock that advances only when no work is left before its next time. */
interface VirtualClock extends Clock {
  /** Advances the time until no sleeps are left. */
  runUntilIdle(): Promise<void>;
}

/** Times this close together count as one, so that a million sleeps end in thousands of steps. Milliseconds. */
const resolutionMs = 100;

export function createVirtualClock(): VirtualClock {
  let now = 0;
  const sleepers = new Map<number, (() => void)[]>();
  const wakeTimes: number[] = [];
  return {
    now: () => now,
    sleep: (ms) => {
      const at = Math.ceil((now + Math.max(ms, 1)) / resolutionMs) * resolutionMs;
      const { promise, resolve } = Promise.withResolvers<void>();
      const others = sleepers.get(at);
      if (others === undefined) {
        sleepers.set(at, [resolve]);
        heapPush(wakeTimes, at);
      } else {
        others.push(resolve);
      }
      return promise;
    },
    runUntilIdle: async () => {
      for (let next = heapPop(wakeTimes); next !== undefined; next = heapPop(wakeTimes)) {
        now = next;
        const due = sleepers.get(next) ?? [];
        sleepers.delete(next);
        for (const wake of due) wake();
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
}

/** A heap, with the smallest element first. */
function heapPush(heap: number[], value: number): void {
  let at = heap.push(value) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const parentValue = heap[parent] ?? 0;
    if (parentValue <= value) break;
    heap[at] = parentValue;
    at = parent;
  }
  heap[at] = value;
}

function heapPop(heap: number[]): number | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    const [left, right] = [2 * at + 1, 2 * at + 2];
    const child = (heap[right] ?? Infinity) < (heap[left] ?? Infinity) ? right : left;
    const childValue = heap[child];
    if (childValue === undefined || childValue >= last) break;
    heap[at] = childValue;
    at = child;
  }
  heap[at] = last;
  return first;
}
