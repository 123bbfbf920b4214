import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { JobRuns } from "../ports.ts";

/**
 * Keeps the ids of received runs in a file of the job, since each step is a process of its own. The folder is the job's
 * `RUNNER_TEMP`, which the runner empties before each job; without one nothing is shared.
 */
export function createJobRuns(folder: string | undefined, baseUrl: string): JobRuns {
  const path = folder === undefined || folder === "" ? undefined : join(folder, "run-azure-pipeline-runs");
  return {
    receivedIds: () => new Set(path === undefined ? [] : readLines(path).flatMap(idIn(baseUrl))),
    addReceived: (runId) => {
      if (path !== undefined) appendLine(path, `${runId} ${baseUrl}\n`);
    },
  };
}

function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, "utf8").split("\n");
  } catch {
    // No step has received a run yet.
    return [];
  }
}

function idIn(baseUrl: string) {
  return (line: string): number[] => {
    const [, id, url] = /^(\d{1,16}) (.*)$/.exec(line) ?? [];
    return id !== undefined && url === baseUrl ? [Number(id)] : [];
  };
}

/** What cannot be kept only leaves the other evidence for whose run it is. */
function appendLine(path: string, line: string): void {
  try {
    appendFileSync(path, line);
  } catch {
    // A full disk is reported where it matters: by the outputs.
  }
}
