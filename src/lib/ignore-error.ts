/** A handler for `catch` that ignores the error. The reason is for whoever reads the code. */
export function ignoreError(_reason: string): (error: unknown) => undefined {
  return () => undefined;
}
