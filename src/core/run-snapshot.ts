import { parseTime } from "../lib/time.ts";
import type { RunDocument, RunFacts, TimelineUnavailable } from "./model.ts";
import type { Throttling } from "./poll-interval.ts";
import { highestAttempt, type RunTree } from "./run-tree.ts";

/** A run that this step waits for, started by it or not. */
export interface TrackedRun {
  readonly id: number;
  readonly name: string;
  readonly url: string;
  /** `null` until a response names the pipeline. */
  readonly pipelineName: string | null;
  readonly source: RunFacts["source"];
  readonly requestedBy: string | null;
  /** The response of Run Pipeline or Get Run; null if not available. */
  readonly raw: unknown;
  /** Its end before this step retried it: polls that still show it are outdated. */
  readonly staleResult?: StaleResult;
  /** Another step, or an earlier attempt of this one, may have left a check run open for it. */
  readonly isExternal: boolean;
}

/** A run that this step has not started. */
export function externalRun({ id, name, url, pipeline, source, requestedBy }: RunFacts): TrackedRun {
  return { id, name, url, pipelineName: pipeline.name, source, requestedBy, raw: null, isExternal: true };
}

/** The end of a run before it was retried. */
export interface StaleResult extends Pick<RunFacts, "result" | "finishedAt"> {
  /** The highest attempt of its stages. */
  readonly attempt: number;
}

export function staleResultOf({ run, tree }: Pick<RunSnapshot, "run" | "tree">): StaleResult {
  const { result, finishedAt } = run;
  return { result, finishedAt, attempt: highestAttempt(tree) };
}

/** The result of one poll. `tree` is the same object as before if nothing in it changed. */
export interface PollResponse {
  readonly run: RunFacts;
  readonly tree: RunTree;
  /** The delay that the server requested before the next poll. Milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The service throttles this identity. */
  readonly throttling?: Throttling | undefined;
  /** The service has throttled this identity lately: what the step's result does not depend on is not requested. */
  readonly savesRequests?: boolean | undefined;
  /** Why the timeline could not be read: `tree` is that of the poll before. */
  readonly timelineUnavailable?: TimelineUnavailable | undefined;
  /** When the response was made, by the service's clock. Milliseconds since 1970, in whole seconds. */
  readonly serviceTime: number | undefined;
}

/** The state of a run at one poll. */
export interface RunSnapshot {
  readonly run: RunFacts;
  readonly tree: RunTree;
  readonly document: RunDocument;
  readonly timelineUnavailable?: PollResponse["timelineUnavailable"];
  readonly savesRequests?: PollResponse["savesRequests"];
  /** The time of the poll, by the service's clock if the response has a date. Milliseconds since 1970. */
  readonly at: number;
}

/** What one poll showed, for the observers of the wait. */
export interface RunUpdate extends RunSnapshot {
  /** When the response was made, by the service's clock; `undefined` if it has no date. */
  readonly serviceTime: number | undefined;
  /** The wait ends with this poll: the run is completed, or `stop-when` is true. */
  readonly endsWait: boolean;
  /** No further poll follows: what is missing now stays missing. */
  readonly isFinal: boolean;
}

/** The state of a run at the end of the wait. */
export interface WaitResult extends RunSnapshot {
  /** `queued-too-long`: `queue-timeout` has passed. */
  readonly end: "reached" | "timed-out" | "queued-too-long";
  /** The end of the first attempt, if this step has retried the run since. */
  readonly beforeRetry?: RunSnapshot | undefined;
}

/** A wait that reached its deadline without a successful poll. */
export interface UnpolledTimeout {
  readonly end: "unpolled";
  /** What the last poll threw. */
  readonly error: unknown;
}

/** How long ago a run finished; `undefined` if unknown. */
export function msSinceFinished({ run, at }: Pick<RunSnapshot, "run" | "at">): number | undefined {
  const end = parseTime(run.finishedAt);
  return end === undefined ? undefined : at - end;
}

/** A run that goes on after a retry or the start of a stage: the end that was seen is not its last. */
export function reopenedRun(run: RunFacts): RunFacts {
  return { ...run, status: "inProgress", result: null, finishedAt: null };
}
