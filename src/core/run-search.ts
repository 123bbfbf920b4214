import { parseTime } from "../lib/time.ts";
import { eventCommit, isEventRef, type Trigger } from "./default-ref.ts";
import type { RunFacts } from "./model.ts";
import type { Candidate } from "./run-matching.ts";

/** A run in the list of builds. */
export interface ListedRun {
  readonly run: RunFacts;
  readonly candidate: Candidate;
  readonly trigger: RunTrigger;
}

/** Why Azure DevOps queued a run. Hashes are in lower case; `undefined` if unknown. */
export interface RunTrigger {
  /** The service's value. */
  readonly reason: string | undefined;
  readonly ciSourceSha: string | undefined;
  readonly prNumber: string | undefined;
}

export interface RunQuery {
  /** A full or abbreviated hash; `undefined`: any commit. */
  readonly commit: string | undefined;
  /** A full ref; `undefined`: any. */
  readonly ref: string | undefined;
  /** The pull request of the workflow's event, if it has one. */
  readonly pullRequest: number | undefined;
}

/**
 * `merge`: it builds a merge commit of the pull request, and only GitHub knows of which head. `unknown`: the list does not
 * have what it builds.
 */
export type SearchMatch = "yes" | "no" | "merge" | "unknown";

/**
 * Whether a run is one of those that the query describes. A pull request's run counts only under events of that pull
 * request: it tests a merge with some base, and may use the pull request's own YAML.
 */
export function matchQuery({ run, trigger }: ListedRun, { commit, ref, pullRequest }: RunQuery): SearchMatch {
  const { source } = run;
  if (ref !== undefined && source.ref !== ref) return "no";
  if (commit === undefined) return "yes";
  const isWanted = (hash: string | null | undefined) => hash?.toLowerCase().startsWith(commit.toLowerCase());
  if (isWanted(source.commit) || isWanted(trigger.ciSourceSha)) return "yes";
  if (pullRequest !== undefined && trigger.prNumber === String(pullRequest))
    return isWanted(run.prSourceSha) ? "yes" : "no";
  if (source.commit === null) return "unknown";
  const isMerge = trigger.prNumber === undefined && source.ref === `refs/pull/${pullRequest}/merge`;
  return isMerge ? "merge" : "no";
}

/** Whether a run of the event's ref builds another commit than the event's: an older one, as a rule. */
export function isOfOtherCommit(listed: ListedRun, ref: string, trigger: Trigger): boolean {
  const { commit } = listed.run.source;
  const wanted = eventCommit(trigger);
  if (commit === null || wanted === undefined || !isEventRef(ref, trigger)) return false;
  if (commit.toLowerCase() === trigger.sha.toLowerCase()) return false;
  const query = { commit: wanted, ref: undefined, pullRequest: trigger.pullRequest?.number };
  return matchQuery(listed, query) !== "yes";
}

/** Newest first. A run without a queue time may be the newest; ids ascend. */
export function compareAge(a: ListedRun, b: ListedRun): number {
  return queueTime(b) - queueTime(a) || b.run.id - a.run.id;
}

/** Milliseconds since 1970. */
export function queueTime({ run }: ListedRun): number {
  return parseTime(run.createdAt) ?? Number.MAX_SAFE_INTEGER;
}
