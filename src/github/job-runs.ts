import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { JobRuns } from "../ports.ts";

interface JobRunsOptions {
  readonly baseUrl: string;
  /** A key that the main and post step of one use of the action share. */
  readonly stepId: string;
  /** A main step that is still running in a container may receive its run after the post step has read the state. */
  readonly isPostStep: boolean;
}

/**
 * Stores the ids of received runs in a file of the job, since each step is a process of its own. The folder is the job's
 * `RUNNER_TEMP`, which the runner empties before each job; without it, nothing is shared.
 */
export function createJobRuns(
  folder: string | undefined,
  { baseUrl, stepId, isPostStep }: JobRunsOptions,
): JobRuns {
  const path = folder === undefined || folder === "" ? undefined : join(folder, "run-azure-pipeline-runs");
  return {
    receivedIds: () =>
      new Set(
        path === undefined ? [] : readLines(path).flatMap(idIn(baseUrl, isPostStep ? stepId : undefined)),
      ),
    addReceived: (runId) => {
      if (path !== undefined) appendLine(path, `${runId} ${stepId} ${baseUrl}\n`);
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

function idIn(baseUrl: string, ownStepId: string | undefined) {
  return (line: string): number[] => {
    const [, id, stepId, url] = /^(\d{1,16}) (\S+) (.*)$/.exec(line) ?? [];
    return id !== undefined && url === baseUrl && stepId !== ownStepId ? [Number(id)] : [];
  };
}

/** Without the file, other evidence decides which step a run belongs to. */
function appendLine(path: string, line: string): void {
  try {
    appendFileSync(path, line);
  } catch {
    // A full disk is reported when the outputs are written.
  }
}
