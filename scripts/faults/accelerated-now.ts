/** The time of a clock that has run faster since then. Milliseconds since 1970. */
export function acceleratedNow(
  realNow: number,
  { epoch, factor }: { readonly epoch: number; readonly factor: number },
): number {
  return epoch + (realNow - epoch) * factor;
}
