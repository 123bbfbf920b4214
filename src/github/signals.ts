import { existsSync, writeFileSync } from "node:fs";
import { calledOff } from "../errors.ts";

/**
 * Aborted when the runner cancels the job: by the first signal, or by a note where no signal comes. In a container the
 * runner's signals reach only the client outside, so that the post step runs while the main step still lives.
 */
export function interruption(
  target: Pick<NodeJS.Process, "on">,
  { note, glanceMs = 1_000 }: { readonly note: string; readonly glanceMs?: number },
): AbortSignal {
  const controller = new AbortController();
  // SIGBREAK is what becomes of the runner's second signal on Windows.
  for (const name of ["SIGINT", "SIGTERM", "SIGBREAK"] as const) {
    target.on(name, () => controller.abort(new Error(`received ${name}`)));
  }
  const glance = setInterval(() => {
    if (existsSync(note)) controller.abort(calledOff);
  }, glanceMs);
  glance.unref();
  return controller.signal;
}

/** Tells a main step that may still live that it is over. */
export function leaveNote(note: string): void {
  try {
    writeFileSync(note, "");
  } catch {
    // The folder is gone, and so is whoever would look.
  }
}
