import { parseTime } from "../lib/time.ts";
import type { PollResponse, RunDocument, RunFacts } from "./model.ts";
import type { RunTree } from "./run-tree.ts";

/** A run to follow, whoever started it. */
export interface TrackedRun {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  /** What it runs, as far as an answer has said so. */
  readonly pipelineName: string | null;
  readonly source: RunFacts["source"];
  readonly requestedBy: string | null;
  /** The answer of Run Pipeline or Get Run; null where it could not be had. */
  readonly raw: unknown;
  /** How it stood before this step had it retried: until that changes, the service has not caught up. */
  readonly staleResult?: Pick<RunFacts, "result" | "finishedAt">;
  /** Somebody else, or an earlier attempt, may have left a check run open for it. */
  readonly isExternal: boolean;
}

/** How a run stood at a look. */
export interface RunSnapshot {
  readonly run: RunFacts;
  readonly tree: RunTree;
  readonly document: RunDocument;
  readonly timelineUnavailable?: PollResponse["timelineUnavailable"];
  /** When it was looked at, by the service's clock where it told the time. Milliseconds since 1970. */
  readonly at: number;
}

/** How a run stood when the wait was over. */
export interface WaitResult extends RunSnapshot {
  readonly end: "reached" | "timed-out";
}

/** How long a run has been over; `undefined` where nobody can tell. */
export function msSinceFinished({ run, at }: Pick<RunSnapshot, "run" | "at">): number | undefined {
  const end = parseTime(run.finishedAt);
  return end === undefined ? undefined : at - end;
}
