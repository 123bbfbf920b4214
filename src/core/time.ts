/** Milliseconds since 1970, or `undefined` for what is not a moment (null, nonsense, the service's year 1). */
export function parseTime(iso: string | null | undefined): number | undefined {
  if (iso === null || iso === undefined) return undefined;
  const ms = Date.parse(iso);
  return ms > 0 ? ms : undefined;
}

interface Span {
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
}

/** How long it took, by the service's own clock. */
export function spanDurationMs({ startedAt, finishedAt }: Span): number | undefined {
  return msBetween(startedAt, finishedAt);
}

/** Never negative: two clocks of the service may disagree by a little. */
export function msBetween(from: string | null, to: string | null): number | undefined {
  const start = parseTime(from);
  const end = parseTime(to);
  return start === undefined || end === undefined ? undefined : Math.max(0, end - start);
}
