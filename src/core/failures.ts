import { memoize } from "../lib/memoize.ts";
import {
  cancelMessage,
  hasFailed,
  type IssueLocation,
  issueLocations,
  type NodeEnd,
} from "./issue-locations.ts";
import type { Issue, NodeResult, RunFacts } from "./model.ts";
import { jobTitle, nodePath, type RunTree } from "./run-tree.ts";

/** A reason why a run did not succeed: an issue and its place. Names are display names; `undefined` if hidden. */
export interface RootCause {
  /** Names in the YAML; `undefined` if the cause is not in a stage or job. */
  readonly stageName: string | undefined;
  readonly jobName: string | undefined;
  readonly stage: string | undefined;
  readonly job: string | undefined;
  readonly task: string | undefined;
  /** `undefined` if the node failed without a message. */
  readonly message: string | undefined;
  readonly issue: Issue | undefined;
  /** `Staging › Smoke tests › Run curl`. */
  readonly path: string;
  readonly jobId: string | undefined;
  readonly taskId: string | undefined;
  readonly logId: number | null;
  readonly logLine: number | undefined;
  /** Of its place. */
  readonly result: NodeResult | null;
  /** Failed only because something else failed. */
  readonly isConsequence: boolean;
}

/**
 * The reasons for the result of a run, first causes first. Failures under `continueOnError` are reasons only if nothing
 * else failed.
 */
export function rootCauses(
  tree: RunTree,
  { result = null, problems = [] }: RunEnd = {},
): readonly RootCause[] {
  if (result === "succeeded") return [];
  const found = causesByResult(tree)(result);
  return isExplained(found) ? found : [...problems.map(problemCause), ...found];
}

/** A tree that has not changed since the last poll has the same causes. */
const causesByResult = memoize((tree: RunTree) => {
  const known = new Map<RunFacts["result"], readonly RootCause[]>();
  return (result: RunFacts["result"]): readonly RootCause[] => {
    const found = known.get(result) ?? causesIn(issueLocations(tree), result);
    known.set(result, found);
    return found;
  };
});

/** The causes that are not consequences of others; all of them if there are no such causes. */
export function primaryCauses(causes: readonly RootCause[]): readonly RootCause[] {
  const primary = causes.filter(({ isConsequence }) => !isConsequence);
  return primary.length > 0 ? primary : causes;
}

interface FirstPlace {
  /** `Staging › Smoke tests`; blank if the first cause is in neither. */
  readonly name: string;
  /** The number of other jobs with causes. */
  readonly otherCount: number;
}

/** The stage and job of the first cause. */
export function firstPlace(causes: readonly RootCause[]): FirstPlace {
  const [first] = causes;
  const places = new Set(primaryCauses(causes).map(({ stage, job }) => JSON.stringify([stage, job])));
  return {
    name: [first?.stage, first?.job].filter((part) => part !== undefined).join(" › "),
    otherCount: Math.max(0, places.size - 1),
  };
}

/** The facts about a run that its causes depend on, besides its tree. */
export type RunEnd = Partial<Pick<RunFacts, "result" | "problems">>;

export function causesIn(locations: readonly IssueLocation[], result: RunFacts["result"]): RootCause[] {
  const candidates = sortByRank(locations.flatMap(rankedIssues));
  const failures = candidates.filter(({ rank }) => rank <= ranks.messageOfCanceledTask);
  if (failures.length > 0) return distinct(failures, candidates);
  const silent = silentFailures(locations);
  if (silent.length > 0 || result !== "partiallySucceeded") return silent;
  const tolerated = candidates.filter(({ rank }) => rank === ranks.letPass);
  return distinct(tolerated, candidates);
}

/** The innermost places that failed, for runs without any message. */
function silentFailures(locations: readonly IssueLocation[]): RootCause[] {
  return locations
    .filter(
      ({ node, hasFailedChild, tolerance }) => hasFailed(node) && !hasFailedChild && tolerance === "none",
    )
    .map((location) => causeOf(location, undefined, false));
}

export function isExplained(causes: readonly RootCause[]): boolean {
  return causes.some(({ message, isConsequence }) => message !== undefined && !isConsequence);
}

/** Why the run could not start at all. */
export function problemCause(message: string): RootCause {
  const noLocation = {
    stageName: undefined,
    jobName: undefined,
    stage: undefined,
    job: undefined,
    task: undefined,
    path: "",
  };
  const issue = { severity: "error", message, logLine: undefined, file: undefined } as const;
  return {
    ...noLocation,
    message,
    issue: { ...issue, line: undefined, column: undefined, code: undefined },
    jobId: undefined,
    taskId: undefined,
    logId: null,
    logLine: undefined,
    result: null,
    isConsequence: false,
  };
}

export const ranks = {
  message: 0,
  genericMessage: 1,
  weak: 2,
  failedChild: 3,
  messageOfCanceledTask: 4,
  letPass: 5,
  harmless: 6,
  cancelEcho: 7,
} as const;

export interface Ranked {
  readonly rank: number;
  readonly at: number;
  readonly cause: RootCause;
}

export function sortByRank(found: readonly Ranked[]): readonly Ranked[] {
  return found.toSorted((a, b) => a.rank - b.rank || a.at - b.at);
}

/** The explanation that a place gives: its errors, else its warnings, else only that it failed. */
function rankedIssues(location: IssueLocation): Ranked[] {
  const { node } = location;
  const errors = issuesOf(location, "error");
  if (errors.length > 0) return errors;
  if (location.tolerance !== "none") {
    if (node.result !== "succeededWithIssues" || location.hasIssueBelow) return [];
    const warnings = issuesOf(location, "warning");
    return warnings.length > 0 ? warnings : [rankedCause(location, undefined, ranks.letPass)];
  }
  if (location.hasErrorBelow || !endedBadly(node)) return [];
  const warnings = explainingWarnings(location);
  if (warnings.length > 0) return warnings.map((issue) => rankedCause(location, issue, ranks.message));
  const isSilent = hasFailed(node) && !location.hasFailedChild && !location.hasIssueBelow;
  const rank = location.fallbackMessage === undefined ? ranks.weak : ranks.message;
  return isSilent ? [rankedCause(location, undefined, rank)] : [];
}

/** `Received request to deprovision: …`, `The agent is shutting down`. */
const interruptionMessage =
  /deprovision|shut(?:ting)? ?down|evict|preempt|reclaim|reboot|restart|terminat|lost|no longer|taken away/i;

/** A machine that was taken away may leave only a warning. The warnings of a canceled job explain nothing. */
function explainingWarnings({ node, isCanceledInside }: IssueLocation): readonly Issue[] {
  const warnings = node.issues.filter(({ severity }) => severity === "warning");
  const interruptions = warnings.filter(({ message }) => interruptionMessage.test(message));
  if (interruptions.length > 0) return interruptions;
  return node.result === "canceled" && isCanceledInside ? [] : warnings;
}

export function issuesOf(location: IssueLocation, severity: Issue["severity"]): Ranked[] {
  const issues = location.node.issues.filter((issue) => issue.severity === severity);
  return issues.map((issue) => rankedCause(location, issue, rankOf(location, issue, issues)));
}

function rankedCause(location: IssueLocation, issue: Issue | undefined, rank: number): Ranked {
  const isConsequence =
    rank === ranks.failedChild || rank === ranks.messageOfCanceledTask || rank === ranks.cancelEcho;
  return { rank, at: location.at, cause: causeOf(location, issue, isConsequence) };
}

function rankOf(location: IssueLocation, issue: Issue, siblings: readonly Issue[]): number {
  const { node, task, tolerance, hasExplainedChild, wasInterrupted } = location;
  const isCanceled = node.result === "canceled" || node.result === "abandoned";
  if (isCancelEcho(issue.message, location)) return ranks.cancelEcho;
  if (tolerance !== "none") return tolerance === "let-pass" ? ranks.letPass : ranks.harmless;
  if (node.result === "succeeded" || node.result === "skipped") return ranks.weak;
  if (task !== undefined && isCanceled) return ranks.messageOfCanceledTask;
  // A job that was ended from outside has the reason itself, whatever its tasks did after that.
  if (hasExplainedChild && !isCanceled && !wasInterrupted) return ranks.failedChild;
  // "Bash exited with code '1'" is a cause only if there is no better message.
  const isGeneric =
    isGenericMessage(issue.message) && !siblings.every((other) => isGenericMessage(other.message));
  return isGeneric ? ranks.genericMessage : ranks.message;
}

const abortedCheckMessage = /^check aborted\b/i;

/** The message of a task or check that was ended from outside is never the reason. */
function isCancelEcho(message: string, { task, check }: IssueLocation): boolean {
  if (check !== undefined) return abortedCheckMessage.test(message);
  return task !== undefined && cancelMessage.test(message.trim());
}

/** Whether an issue says only that something else ended its place. */
export function isEcho({ rank, cause }: Ranked): boolean {
  const isAbortedCheck = rank === ranks.failedChild && abortedCheckMessage.test(cause.message ?? "");
  return rank === ranks.cancelEcho || isAbortedCheck;
}

function endedBadly({ result }: Pick<NodeEnd, "result">): boolean {
  return result === "failed" || result === "canceled" || result === "abandoned";
}

function causeOf(location: IssueLocation, issue: Issue | undefined, isConsequence: boolean): RootCause {
  const { stage, job, task, node, fallbackMessage } = location;
  return {
    stageName: stage?.name,
    jobName: job?.name,
    stage: stage?.displayName,
    job: job && (stage?.displayName === undefined ? jobTitle(job) : job.displayName),
    task: task?.displayName,
    message: issue?.message ?? fallbackMessage,
    issue,
    path: nodePath(stage, job, task),
    jobId: job?.id,
    taskId: task?.id,
    logId: node.logId,
    logLine: issue?.logLine,
    result: node.result,
    isConsequence,
  };
}

/** Whether a job only repeats a message of one of its tasks. */
export function duplicatesTaskMessage(found: readonly Ranked[]): (entry: Ranked) => boolean {
  const keyOf = ({ jobId, message }: RootCause) => JSON.stringify([jobId, message]);
  const taskKeys = new Set(
    found.filter(({ cause }) => cause.taskId !== undefined).map(({ cause }) => keyOf(cause)),
  );
  return ({ cause }) => cause.jobId !== undefined && cause.taskId === undefined && taskKeys.has(keyOf(cause));
}

/** Compilers repeat a message for each project that includes the file, and jobs repeat the messages of their tasks. */
export function distinct(found: readonly Ranked[], all = found): RootCause[] {
  const causes = new Map<string, RootCause>();
  const isDuplicate = duplicatesTaskMessage(all);
  for (const entry of found) {
    if (isDuplicate(entry)) continue;
    const key = causeKey(entry.cause);
    if (!causes.has(key)) causes.set(key, entry.cause);
  }
  return [...causes.values()];
}

/** The same for causes with the same message at the same place. */
export function causeKey({ path, jobId, taskId, message, issue }: RootCause): string {
  return JSON.stringify([path, jobId, taskId, message, issue?.file, issue?.line]);
}

const genericMessages = [
  /\bexited with (?:exit )?code:? '?-?\d+'?\.?$/i,
  /\b(?:failed|completed) with (?:an? )?(?:non-?zero )?(?:exit|return) ?code:?(?: '?-?\d+'?)?/i,
  /\breturned (?:an? )?(?:non-?zero )?exit code:? ?'?-?\d*'?/i,
  /\b(?:wrote|has written) (?:one or more lines )?to the standard error stream/i,
  /^(?:error: )?(?:the )?(?:task|job|step|stage|script|build|command) (?:has )?failed\.?$/i,
];

/** Whether a message says only that something failed, not why: tasks add one after the real error. */
export function isGenericMessage(message: string): boolean {
  return genericMessages.some((pattern) => pattern.test(message.trim()));
}

/** The number in `Bash exited with code '22'.` */
export function exitCodeIn(message: string): number | undefined {
  const code = /(?:exit|return|exited with) ?code:? '?(-?\d+)'?/i.exec(message)?.[1];
  return code === undefined ? undefined : Number(code);
}
