const ticksPerMs = 10_000;

/** A date as the service writes it: up to seven digits, no trailing zeros. */
export function toIsoWithTicks(ms: number): string {
  const wholeMs = Math.floor(ms);
  const ticks = Math.min(Math.round((ms - wholeMs) * ticksPerMs), ticksPerMs - 1);
  const digits = `${String(wholeMs % 1000).padStart(3, "0")}${String(ticks).padStart(4, "0")}`.replace(
    /0+$/,
    "",
  );
  const seconds = new Date(wholeMs).toISOString().slice(0, 19);
  return digits === "" ? `${seconds}Z` : `${seconds}.${digits}Z`;
}

/** The timestamp that begins a log line: always seven digits. */
export function toLogTimestamp(ms: number): string {
  const wholeMs = Math.floor(ms);
  const ticks = Math.floor((ms - wholeMs) * ticksPerMs);
  return `${new Date(wholeMs).toISOString().slice(0, 23)}${String(ticks).padStart(4, "0")}Z`;
}

/** How .NET writes a duration. */
export function toTimeSpan(seconds: number): string {
  const wholeSeconds = Math.floor(seconds);
  const twoDigits = (value: number) => String(value).padStart(2, "0");
  const days = Math.floor(wholeSeconds / 86_400);
  const time = `${twoDigits(Math.floor(wholeSeconds / 3600) % 24)}:${twoDigits(Math.floor(wholeSeconds / 60) % 60)}:${twoDigits(wholeSeconds % 60)}`;
  const fraction = Math.round((seconds - wholeSeconds) * 1e7);
  return `${days > 0 ? `${days}.` : ""}${time}${fraction > 0 ? `.${String(fraction).padStart(7, "0")}` : ""}`;
}

/** Milliseconds since 1970, with the fraction that `Date.parse` drops; NaN if the text is no date. */
export function fromIsoWithTicks(text: string): number {
  const [, seconds = "", fraction = ""] = /^([^.]*)(\.\d+)?Z$/.exec(text) ?? [];
  return Date.parse(`${seconds}Z`) + Number(`0${fraction}`) * 1000;
}
