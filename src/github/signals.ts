/** Aborted by the first signal with which the runner cancels a job; later ones change nothing. */
export function interruption(target: Pick<NodeJS.Process, "on">): AbortSignal {
  const controller = new AbortController();
  // SIGBREAK is what becomes of the runner's second signal on Windows.
  for (const name of ["SIGINT", "SIGTERM", "SIGBREAK"] as const) {
    target.on(name, () => controller.abort(new Error(`received ${name}`)));
  }
  return controller.signal;
}
