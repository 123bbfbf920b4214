const ticksPerMs = 10_000;

/** A date as the service writes it: up to seven digits, no trailing zeros. */
export function wireDate(ms: number): string {
  const whole = Math.floor(ms);
  const ticks = Math.round((ms - whole) * ticksPerMs);
  const digits = `${String(whole % 1000).padStart(3, "0")}${String(ticks).padStart(4, "0")}`.replace(
    /0+$/,
    "",
  );
  const seconds = new Date(whole).toISOString().slice(0, 19);
  return digits === "" ? `${seconds}Z` : `${seconds}.${digits}Z`;
}

/** The timestamp that begins a log line: always seven digits. */
export function logDate(ms: number): string {
  const whole = Math.floor(ms);
  const ticks = Math.floor((ms - whole) * ticksPerMs);
  return `${new Date(whole).toISOString().slice(0, 23)}${String(ticks).padStart(4, "0")}Z`;
}

/** How .NET writes a duration. */
export function timeSpan(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (value: number) => String(value).padStart(2, "0");
  const days = Math.floor(whole / 86_400);
  const clock = `${two(Math.floor(whole / 3600) % 24)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
  const fraction = Math.round((seconds - whole) * 1e7);
  return `${days > 0 ? `${days}.` : ""}${clock}${fraction > 0 ? `.${String(fraction).padStart(7, "0")}` : ""}`;
}
