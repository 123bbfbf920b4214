import { existsSync, rmSync, writeFileSync } from "node:fs";
import { shutdownRequested } from "../errors.ts";
import type { Clock } from "../lib/clock.ts";

/** Aborted by the first signal with which the runner cancels a job; later ones change nothing. */
export function abortOnSignals(target: Pick<NodeJS.Process, "on">): AbortController {
  const controller = new AbortController();
  // SIGBREAK is what becomes of the runner's second signal on Windows.
  for (const name of ["SIGINT", "SIGTERM", "SIGBREAK"] as const) {
    target.on(name, () => controller.abort(new Error(`received ${name}`)));
  }
  return controller;
}

/** How often a main step looks for a note. Milliseconds. */
const requestPollMs = 100;

/** Whoever lives has taken a note by then, and ends by its own within the rest. */
const acknowledgeTimeoutMs = 400;

const shutdownTimeoutMs = 6_000;

/**
 * In a container the runner's signals reach only the client outside: the post step runs while the main step still lives,
 * and calls it off by a note. The main step takes it away as soon as it sees it, and puts it back when it is done.
 */
export function createShutdownRequest(path: string) {
  let isAcknowledged = false;
  return {
    /** For the main step. */
    watch(controller: AbortController): void {
      const timer = setInterval(() => {
        if (!existsSync(path)) return;
        clearInterval(timer);
        rmSync(path, { force: true });
        isAcknowledged = true;
        controller.abort(shutdownRequested);
      }, requestPollMs);
      timer.unref();
    },
    /** For the main step, at its very end. */
    confirmShutdown(): void {
      if (isAcknowledged) writeRequestFile(path);
    },
    /** For the post step: resolves once a main step that still lived has seen to what it had begun, or none does. */
    async requestShutdown(clock: Clock): Promise<void> {
      if (!writeRequestFile(path)) return;
      // Whoever cleans up is not cancelled: it would leave behind what it is there for.
      const { signal } = new AbortController();
      await clock.sleep(acknowledgeTimeoutMs, signal);
      for (
        let waitedMs = acknowledgeTimeoutMs;
        waitedMs < shutdownTimeoutMs && !existsSync(path);
        waitedMs += requestPollMs
      ) {
        await clock.sleep(requestPollMs, signal);
      }
    },
  };
}

/** Where that fails the folder is gone, and so is whoever would look. */
function writeRequestFile(path: string): boolean {
  try {
    writeFileSync(path, "");
    return true;
  } catch {
    return false;
  }
}
