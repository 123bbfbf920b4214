import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { JobRuns } from "../ports.ts";

interface JobRunsOptions {
  readonly baseUrl: string;
  /** The same for main and post step of one use of the action. */
  readonly stepId: string;
  /** A main step that lives on in a container may receive its run after the post step has read the state. */
  readonly isPostStep: boolean;
}

/**
 * Keeps the ids of received runs in a file of the job, since each step is a process of its own. The folder is the job's
 * `RUNNER_TEMP`, which the runner empties before each job; without one nothing is shared.
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

/** What cannot be kept only leaves the other evidence for whose run it is. */
function appendLine(path: string, line: string): void {
  try {
    appendFileSync(path, line);
  } catch {
    // A full disk is reported where it matters: by the outputs.
  }
}
