/** A row of the table in docs/benchmarks.md. */
export interface Row {
  readonly question: string;
  /** The displayed value. */
  readonly figure: string;
  /** The value that is compared with `atMost`. */
  readonly value?: number;
  readonly atMost?: number;
  /** The displayed value. */
  readonly aim?: string;
  /** Why the row misses its aim. */
  readonly reason?: string;
}

export function ratio(one: number, other: number): string {
  return `${(one / other).toFixed(2)} ×`;
}

/** A ratio with an aim. */
export function ratioRow(
  question: string,
  [one, other]: readonly [number, number],
  {
    atMost,
    reason,
    unit,
  }: { readonly atMost?: number; readonly reason?: string; readonly unit?: string } = {},
): Row {
  const absolute = unit === undefined ? "" : ` (${one.toFixed(1)} to ${other.toFixed(1)} ${unit})`;
  return {
    question,
    figure: `${ratio(one, other)}${absolute}`,
    value: one / other,
    ...(atMost !== undefined && { atMost, aim: `${atMost} ×` }),
    ...(reason !== undefined && { reason }),
  };
}

/** Adds the reason to a row that misses its aim. */
export function rowText({ question, figure, value, atMost, aim = "", reason }: Row): string {
  const isMissed = value !== undefined && atMost !== undefined && !(value <= atMost);
  const note = isMissed ? `misses its aim${reason === undefined ? "" : ` because ${reason}`}` : "";
  return `| ${question} | ${figure} | ${aim} | ${note} |`;
}
