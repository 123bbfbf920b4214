// What the bundle has in place of @actions/exec (`paths` in tsconfig.json): docs/decisions/0002-undici-stays-out.md.

/** @actions/core would call it in `platform.getDetails()`, which the action does not use. */
export function getExecOutput(): Promise<never> {
  return Promise.reject(new Error("@actions/exec is not part of the bundle."));
}
