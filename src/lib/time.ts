/** Milliseconds since 1970, or `undefined` for anything that is not a valid time (null, nonsense, the service's year 1). */
export function parseTime(iso: string | null | undefined): number | undefined {
  if (iso === null || iso === undefined) return undefined;
  const ms = Date.parse(iso);
  return ms > 0 ? ms : undefined;
}

interface Span {
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** The duration between two times of the service. */
export function spanDurationMs({ startedAt, finishedAt }: Span): number | undefined {
  return msBetween(startedAt, finishedAt);
}

/** Never negative: clocks within the service may differ slightly. */
export function msBetween(from: string | null, to: string | null): number | undefined {
  const start = parseTime(from);
  const end = parseTime(to);
  return start === undefined || end === undefined ? undefined : Math.max(0, end - start);
}

/** Rounded, so that an output agrees with the log. */
export function wholeSeconds(ms: number): number {
  return Math.round(Math.max(0, ms) / 1_000);
}

/** Formats a duration: `53 s`, `2 min 27 s`, `1 h 04 min`, `2 d 03 h`. */
export function durationText(ms: number): string {
  const seconds = wholeSeconds(ms);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return twoUnits(Math.floor(seconds / 60), "min", seconds % 60, "s");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1_440) return twoUnits(Math.floor(minutes / 60), "h", minutes % 60, "min");
  const hours = Math.floor(minutes / 60);
  return twoUnits(Math.floor(hours / 24), "d", hours % 24, "h");
}

function twoUnits(big: number, bigUnit: string, small: number, smallUnit: string): string {
  if (small === 0) return `${big} ${bigUnit}`;
  const digits = smallUnit === "s" ? String(small) : String(small).padStart(2, "0");
  return `${big} ${bigUnit} ${digits} ${smallUnit}`;
}

/** Formats an estimated duration, to the minute if it is longer than one. */
export function approximateDurationText(ms: number): string {
  return durationText(ms < 60_000 ? Math.max(ms, 1_000) : Math.round(ms / 60_000) * 60_000);
}

/** Formats the time since the start of the wait: `0:14`, `12:05`, `1:02:03`. */
export function clockText(ms: number): string {
  const total = Math.floor(Math.max(0, ms) / 1_000);
  const two = (value: number) => String(value).padStart(2, "0");
  const hours = Math.floor(total / 3_600);
  const minutes = Math.floor(total / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(total % 60)}` : `${minutes}:${two(total % 60)}`;
}

/** The clock, which tests replace. Milliseconds. */
export interface Clock {
  now(): number;
  /** Rejects with the signal's reason as soon as it is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
