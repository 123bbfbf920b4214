import { existsSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { StepCancelledError, shutdownRequested } from "../errors.ts";
import type { Clock } from "../lib/time.ts";

interface SignalTarget {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
}

/** Aborted by the first signal with which the runner cancels a step; later ones have no effect. */
export function abortOnSignals(target: SignalTarget): AbortController {
  const controller = new AbortController();
  // On Windows the runner's second signal arrives as SIGBREAK.
  for (const name of ["SIGINT", "SIGTERM", "SIGBREAK"] as const) {
    target.on(name, () => controller.abort(new StepCancelledError(`received ${name}`)));
  }
  return controller;
}

/** How often a main step checks for the shutdown file, which is most of the cost of an idle wait. Milliseconds. */
const requestPollMs = 1_000;

/** A main step that is still running removes the file within this time, and ends within `shutdownTimeoutMs`. */
const acknowledgeTimeoutMs = requestPollMs + 300;

/** How often the post step checks whether the main step has ended. Milliseconds. */
const confirmationPollMs = 100;

const shutdownTimeoutMs = 6_000;

const fileName = /^run-azure-pipeline-[0-9a-f-]{36}$/;

/** The path of a step's shutdown file. */
export function shutdownFilePath(folder: string | undefined, id: string): string {
  return join(folder || tmpdir(), `run-azure-pipeline-${id}`);
}

/** Whether a saved path is a shutdown file: the environment of the post step may contain anything. */
export function isShutdownFilePath(path: string, folder: string | undefined): boolean {
  return fileName.test(basename(path)) && resolve(dirname(path)) === resolve(folder || tmpdir());
}

/**
 * In a container, the runner's signals reach only the client outside. The post step runs while the main step is still
 * running, and requests its end by writing a file. The main step removes the file at once, and writes it again at its end.
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
    /**
     * For the post step: resolves once a main step that was still running has cleaned up, or if there is none. The signal
     * ends the waiting, not the request.
     */
    async requestShutdown(clock: Clock, signal: AbortSignal): Promise<void> {
      if (!writeRequestFile(path)) return;
      await clock.sleep(acknowledgeTimeoutMs, signal);
      for (
        let waitedMs = acknowledgeTimeoutMs;
        waitedMs < shutdownTimeoutMs && !existsSync(path);
        waitedMs += confirmationPollMs
      ) {
        await clock.sleep(confirmationPollMs, signal);
      }
    },
  };
}

/** If that fails, the folder is missing, and so is the main step. */
function writeRequestFile(path: string): boolean {
  try {
    writeFileSync(path, "");
    return true;
  } catch {
    return false;
  }
}
