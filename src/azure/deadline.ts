import type { Call } from "./send.ts";

/** Of one answer, where the call says nothing else. Milliseconds. */
const usualAnswerMs = 30_000;

/** What is asked at the very deadline may still be answered. Milliseconds. */
const lastAnswerMs = 3_000;

/** How long one answer may take. Milliseconds. */
export function answerMs({ timeoutMs = usualAnswerMs, ...call }: Call, now: number): number {
  return Math.min(timeoutMs, leftMs(call, now));
}

/** How long a token may be in coming: as long as the answers that it is for. Milliseconds. */
export function tokenMs({ timeoutMs = usualAnswerMs, patienceMs = 0, ...call }: Call, now: number): number {
  return Math.min(patienceMs + timeoutMs, leftMs(call, now));
}

function leftMs({ deadline = Number.POSITIVE_INFINITY }: Pick<Call, "deadline">, now: number): number {
  return Math.max(deadline - now, lastAnswerMs);
}
