import { durationText } from "./time.ts";

/** Doubles from one second to thirty, then takes between half of that and all of it. Milliseconds. */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(1_000 * 2 ** (attempt - 1), 30_000);
  return Math.round((ceiling * (1 + random)) / 2);
}

/** A Retry-After is obeyed for so long at most. Milliseconds. */
export const maxRetryAfterMs = 5 * 60_000;

/** For the log, where a server's Retry-After makes the next request wait. */
export function retryAfterText(delayMs: number): string {
  return `The service asked for a pause: the next request is sent in ${durationText(delayMs)}.`;
}

/**
 * `Retry-After` in seconds or as a date, which goes by the clock of whoever answered; what is neither is no wish.
 * Milliseconds from when the answer came.
 */
export function retryAfterMs(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const value = headers["retry-after"];
  if (value === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Math.round(Number(value) * 1_000);
  const [retryAt, respondedAt] = [Date.parse(value), Date.parse(headers["date"] ?? "")];
  return Number.isNaN(retryAt)
    ? undefined
    : Math.max(0, retryAt - (Number.isNaN(respondedAt) ? now : respondedAt));
}
