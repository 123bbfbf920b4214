/** Doubles from one second to thirty, then takes between half of that and all of it. Milliseconds. */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(1_000 * 2 ** (attempt - 1), 30_000);
  return Math.round((ceiling * (1 + random)) / 2);
}
