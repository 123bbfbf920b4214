import { capitalized } from "../lib/text.ts";
import { parseTime } from "../lib/time.ts";
import type { Issue, NodeResult, RunFacts } from "./model.ts";
import {
  type JobNode,
  jobTitle,
  nodePath,
  pipelineChecks,
  type RunNode,
  type RunTree,
  type StageCheck,
  type StageNode,
  type TaskNode,
} from "./run-tree.ts";

/** Why a run did not succeed: one issue, and where it is. Names are for people, `undefined` where hidden. */
export interface RootCause {
  /** As YAML calls them; `undefined` where the cause is in none. */
  readonly stageName: string | undefined;
  readonly jobName: string | undefined;
  readonly stage: string | undefined;
  readonly job: string | undefined;
  readonly task: string | undefined;
  /** `undefined` where the node failed without a message. */
  readonly message: string | undefined;
  readonly issue: Issue | undefined;
  /** `Staging › Smoke tests › Run curl`. */
  readonly path: string;
  readonly jobId: string | undefined;
  readonly taskId: string | undefined;
  readonly logId: number | null;
  readonly logLine: number | undefined;
  /** Failed because something else did. */
  readonly isConsequence: boolean;
}

/**
 * What explains the end of a run, first causes first. What `continueOnError` let pass explains only a run in which
 * nothing else went wrong.
 */
export function rootCauses(tree: RunTree, { result = null, problems = [] }: RunEnd = {}): RootCause[] {
  if (result === "succeeded") return [];
  const found = causesIn(issueLocations(tree), result);
  return isExplained(found) ? found : [...problems.map(problemCause), ...found];
}

/** Those that did not fail only because something else did; all of them where there are no others. */
export function primaryCauses(causes: readonly RootCause[]): readonly RootCause[] {
  const primary = causes.filter(({ isConsequence }) => !isConsequence);
  return primary.length > 0 ? primary : causes;
}

/** What of a run its causes depend on, beside its tree. */
type RunEnd = Partial<Pick<RunFacts, "result" | "problems">>;

function causesIn(locations: readonly IssueLocation[], result: RunFacts["result"]): RootCause[] {
  const candidates = sortByRank(locations.flatMap(rankedIssues));
  const failures = candidates.filter(({ rank }) => rank <= ranks.messageOfCanceledTask);
  if (failures.length > 0) return distinct(failures, candidates);
  const silent = silentFailures(locations);
  if (silent.length > 0 || result !== "partiallySucceeded") return silent;
  const tolerated = candidates.filter(({ rank }) => rank === ranks.letPass);
  return distinct(tolerated, candidates);
}

/** The innermost places that failed, where nothing has a message of its own. */
function silentFailures(locations: readonly IssueLocation[]): RootCause[] {
  return locations
    .filter(
      ({ node, hasFailedChild, tolerance }) => hasFailed(node) && !hasFailedChild && tolerance === "none",
    )
    .map((location) => causeOf(location, undefined, false));
}

function isExplained(causes: readonly RootCause[]): boolean {
  return causes.some(({ message, isConsequence }) => message !== undefined && !isConsequence);
}

/** Why the run as a whole could not be run. */
function problemCause(message: string): RootCause {
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
    isConsequence: false,
  };
}

export interface Annotations {
  readonly errors: readonly RootCause[];
  readonly warnings: readonly RootCause[];
  /** How many there are beyond those. */
  readonly moreErrors: number;
  readonly moreWarnings: number;
}

interface AnnotationOptions {
  /** At most so many of each. */
  readonly errors: number;
  readonly warnings: number;
  /** The step succeeds: the run's errors are warnings then. */
  readonly isSuccess?: boolean;
}

/** The issues of a run, first causes first. Errors that did not make it fail are warnings. */
export function annotationsOf(
  tree: RunTree,
  { result = null, problems = [] }: RunEnd,
  { isSuccess = false, ...limits }: AnnotationOptions,
): Annotations {
  const locations = issueLocations(tree);
  const isBlamed = ({ tolerance }: IssueLocation) =>
    !isSuccess && (tolerance === "none" || (tolerance === "let-pass" && result === "partiallySucceeded"));
  const blamed = locations.filter(isBlamed);
  const tolerated = locations.filter((location) => !isBlamed(location));
  const errors = firstPerNodeFirst(sortByRank(blamed.flatMap((location) => issuesOf(location, "error"))));
  const toleratedErrors = sortByRank(tolerated.flatMap((location) => issuesOf(location, "error")));
  const warnings = sortByRank(locations.flatMap((location) => issuesOf(location, "warning")));
  const needsProblems = !isSuccess && !isExplained(causesIn(locations, result));
  const shownErrors = [...(needsProblems ? problems.map(problemCause) : []), ...distinct(errors)];
  const shownWarnings = distinct([...toleratedErrors, ...warnings]);
  const errorCount = countOf(blamed, "errors") - duplicateCount(errors);
  const warningCount =
    countOf(tolerated, "errors") +
    countOf(locations, "warnings") -
    duplicateCount(toleratedErrors) -
    duplicateCount(warnings);
  return {
    errors: shownErrors.slice(0, limits.errors),
    warnings: shownWarnings.slice(0, limits.warnings),
    moreErrors: overflow(errorCount, shownErrors.length, limits.errors),
    moreWarnings: overflow(warningCount, shownWarnings.length, limits.warnings),
  };
}

function countOf(locations: readonly IssueLocation[], key: "errors" | "warnings"): number {
  return locations.reduce((sum, { counts }) => sum + counts[key], 0);
}

function duplicateCount(found: readonly Ranked[]): number {
  return found.filter(duplicatesTaskMessage(found)).length;
}

/** The first error of each place that failed by itself comes first: nine of one task would hide the other tasks. */
function firstPerNodeFirst(found: readonly Ranked[]): readonly Ranked[] {
  const seenNodes = new Set<string>();
  const isFirst = ({ rank, cause: { jobId, taskId, path } }: Ranked): boolean => {
    const nodeKey = JSON.stringify([path, jobId, taskId]);
    if (rank > ranks.genericMessage || seenNodes.has(nodeKey)) return false;
    seenNodes.add(nodeKey);
    return true;
  };
  const { first = [], other = [] } = Object.groupBy(found, (entry) => (isFirst(entry) ? "first" : "other"));
  return [...first, ...other];
}

/** An agent counts on when it stops to list, so the count may exceed the list. */
function overflow(count: number, found: number, limit: number): number {
  return found <= limit ? Math.max(0, count - found) : Math.max(count, found) - limit;
}

const ranks = {
  message: 0,
  genericMessage: 1,
  weak: 2,
  failedChild: 3,
  messageOfCanceledTask: 4,
  letPass: 5,
  harmless: 6,
  cancelEcho: 7,
} as const;

interface Ranked {
  readonly rank: number;
  readonly at: number;
  readonly cause: RootCause;
}

function sortByRank(found: readonly Ranked[]): readonly Ranked[] {
  return found.toSorted((a, b) => a.rank - b.rank || a.at - b.at);
}

/** What a place says about its end: its errors; without any its warnings; without those only that it failed. */
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

/** A machine that was taken away may leave only a warning. On a job that somebody canceled a warning explains nothing. */
function explainingWarnings({ node, isCanceledInside }: IssueLocation): readonly Issue[] {
  const warnings = node.issues.filter(({ severity }) => severity === "warning");
  const interruptions = warnings.filter(({ message }) => interruptionMessage.test(message));
  if (interruptions.length > 0) return interruptions;
  return node.result === "canceled" && isCanceledInside ? [] : warnings;
}

function issuesOf(location: IssueLocation, severity: Issue["severity"]): Ranked[] {
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
  // A job that was ended from outside says why itself, whatever its tasks did after that.
  if (hasExplainedChild && !isCanceled && !wasInterrupted) return ranks.failedChild;
  // "Bash exited with code '1'" is the cause only where nothing better is said.
  const isGeneric =
    isGenericMessage(issue.message) && !siblings.every((other) => isGenericMessage(other.message));
  return isGeneric ? ranks.genericMessage : ranks.message;
}

const cancelMessage =
  /^(?:error: )?(?:the |a )?(?:operation|task) (?:was|has been|will be) cancell?ed\b|^(?:System\.)?(?:Threading\.Tasks\.)?(?:Operation|Task)Cancell?edException/i;

const abortedCheckMessage = /^check aborted\b/i;

/** What a task or a check says that was ended from outside: never the reason. */
function isCancelEcho(message: string, { task, check }: IssueLocation): boolean {
  if (check !== undefined) return abortedCheckMessage.test(message);
  return task !== undefined && cancelMessage.test(message.trim());
}

/** A stage, a job or a check that was abandoned never got what it needed, or lost it. */
function hasFailed({ result, isTask }: NodeEnd): boolean {
  return result === "failed" || (result === "abandoned" && !isTask);
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
    isConsequence,
  };
}

/** A job repeats what one of its tasks has said already. */
function duplicatesTaskMessage(found: readonly Ranked[]): (entry: Ranked) => boolean {
  const keyOf = ({ jobId, message }: RootCause) => JSON.stringify([jobId, message]);
  const taskKeys = new Set(
    found.filter(({ cause }) => cause.taskId !== undefined).map(({ cause }) => keyOf(cause)),
  );
  return ({ cause }) => cause.jobId !== undefined && cause.taskId === undefined && taskKeys.has(keyOf(cause));
}

/** Compilers say the same once for each project that includes the file, and a job what its task has said. */
function distinct(found: readonly Ranked[], all = found): RootCause[] {
  const causes = new Map<string, RootCause>();
  const isDuplicate = duplicatesTaskMessage(all);
  for (const entry of found) {
    if (isDuplicate(entry)) continue;
    const { cause } = entry;
    const { jobId, taskId, message, issue } = cause;
    const key = JSON.stringify([cause.path, jobId, taskId, message, issue?.file, issue?.line]);
    if (!causes.has(key)) causes.set(key, cause);
  }
  return [...causes.values()];
}

interface NodeEnd {
  readonly result: NodeResult | null;
  readonly isTask: boolean;
}

/** A place where issues can hang. */
interface IssueLocation {
  readonly stage: StageNode | undefined;
  readonly job: JobNode | undefined;
  readonly task: TaskNode | undefined;
  readonly check?: StageCheck | undefined;
  readonly node: NodeEnd & {
    readonly logId: number | null;
    readonly issues: readonly Issue[];
  };
  /** When it began to end, in milliseconds since 1970; the largest number where unknown. */
  readonly at: number;
  /** Of the place itself. */
  readonly counts: Pick<RunNode, "errors" | "warnings">;
  readonly hasFailedChild: boolean;
  /** Something inside it failed and says why: what it says of itself only repeats that. */
  readonly hasExplainedChild: boolean;
  readonly hasIssueBelow: boolean;
  readonly hasErrorBelow: boolean;
  /** `let-pass`: `continueOnError` kept it from failing what it is in. `harmless`: it succeeded after all. */
  readonly tolerance: "none" | "let-pass" | "harmless";
  /** Something in it was still at work when it ended. */
  readonly wasInterrupted: boolean;
  /** Something in it says that it was canceled. */
  readonly isCanceledInside: boolean;
  /** What to say where the service says nothing. */
  readonly fallbackMessage?: string | undefined;
}

/** What became of a wait that ended badly. */
export const failedCheckTexts: Readonly<Record<StageCheck["kind"], string>> = {
  approval: "approval was not given",
  authorization: "permission was not given",
  check: "a check did not pass",
  "manual-validation": "manual validation was rejected",
  delay: "a delay was ended",
  manual: "it was not started",
};

/** Every place of a run, in its order. */
function issueLocations(tree: RunTree): IssueLocation[] {
  return [
    ...tree.stages.flatMap(stageLocations),
    ...pipelineChecks(tree).map((check) => checkLocation(check, undefined)),
    {
      ...emptyLocation,
      node: { result: null, logId: null, issues: tree.issues, isTask: false },
      at: Number.MAX_SAFE_INTEGER,
      counts: issueCountsOf(tree.issues),
    },
  ];
}

function stageLocations(stage: StageNode): IssueLocation[] {
  const children = [...stage.jobs, ...stage.checks];
  const failedChildren = children.filter((child) => hasFailed({ ...child, isTask: false }));
  const issuesBelow = [
    ...children.flatMap(({ issues }) => issues),
    ...stage.jobs.flatMap(({ tasks }) => tasks).flatMap(({ issues }) => issues),
  ];
  return [
    ...stage.checks.map((check) => checkLocation(check, stage)),
    ...stage.jobs.flatMap((job) => jobLocations(job, stage)),
    {
      ...emptyLocation,
      stage,
      node: { ...stage, isTask: false },
      at: timeOf(stage.finishedAt),
      counts: issueCountsOf(stage.issues),
      hasFailedChild: failedChildren.length > 0,
      hasExplainedChild: failedChildren.some((child) => !("errors" in child) || child.errors > 0),
      hasIssueBelow: issuesBelow.length > 0,
      hasErrorBelow: issuesBelow.some(isError),
      tolerance: stage.result === "succeededWithIssues" ? "let-pass" : "none",
    },
  ];
}

function jobLocations(job: JobNode, stage: StageNode): IssueLocation[] {
  const isInTolerated = isTolerated(stage) || isTolerated(job);
  const failedTasks = job.tasks.filter(({ result }) => result === "failed");
  const interrupted = job.status === "completed" ? job.tasks.filter(wasCutOff) : [];
  const issuesBelow = job.tasks.flatMap(({ issues }) => issues);
  const interruptedAt = interrupted.map((task) => timeOf(task.finishedAt ?? task.startedAt));
  const isEndedFromOutside = job.result === "canceled" || job.result === "abandoned";
  const jobLocation: IssueLocation = {
    ...emptyLocation,
    stage,
    job,
    node: { ...job, isTask: false },
    at: Math.min(timeOf(job.finishedAt), ...interruptedAt),
    counts: issueCountsOf(job.issues),
    hasFailedChild: failedTasks.length > 0,
    hasExplainedChild: failedTasks.some(({ issues }) => issues.some(isError)),
    hasIssueBelow: issuesBelow.length > 0,
    hasErrorBelow: issuesBelow.some((issue) => isError(issue) && !cancelMessage.test(issue.message.trim())),
    tolerance: isTolerated(stage) || job.result === "succeededWithIssues" ? "let-pass" : "none",
    wasInterrupted: interrupted.length > 0,
    isCanceledInside: issuesBelow.some(({ message }) => cancelMessage.test(message.trim())),
    fallbackMessage: job.result === "abandoned" ? "The job was abandoned." : undefined,
  };
  const taskLocations = job.tasks.map(
    (task): IssueLocation => ({
      ...emptyLocation,
      stage,
      job,
      task,
      node: { ...task, isTask: true },
      at: timeOf(task.finishedAt),
      counts: task,
      tolerance: taskTolerance(task, isInTolerated),
    }),
  );
  return isEndedFromOutside ? [jobLocation, ...taskLocations] : [...taskLocations, jobLocation];
}

const emptyLocation = {
  stage: undefined,
  job: undefined,
  task: undefined,
  hasFailedChild: false,
  hasExplainedChild: false,
  hasIssueBelow: false,
  hasErrorBelow: false,
  tolerance: "none",
  wasInterrupted: false,
  isCanceledInside: false,
} as const;

/** `continueOnError` on a job or a stage leaves failed tasks in something that did not fail. */
function isTolerated({ result }: RunNode): boolean {
  return result === "succeededWithIssues" || result === "succeeded";
}

/** A task that succeeded after all (on a retry, say) keeps its errors. */
function taskTolerance({ result }: TaskNode, isInTolerated: boolean): IssueLocation["tolerance"] {
  if (result === "succeeded" || result === "skipped") return "harmless";
  return isInTolerated || result === "succeededWithIssues" ? "let-pass" : "none";
}

/** At work, or not even begun, when its job ended. */
export function wasCutOff({ status, result }: TaskNode): boolean {
  return status !== "completed" || result === "canceled" || result === "abandoned";
}

function isError({ severity }: Issue): boolean {
  return severity === "error";
}

function issueCountsOf(issues: readonly Issue[]): IssueLocation["counts"] {
  const errors = issues.filter(isError).length;
  return { errors, warnings: issues.length - errors };
}

function timeOf(at: string | null): number {
  return parseTime(at) ?? Number.MAX_SAFE_INTEGER;
}

function checkLocation(check: StageCheck, stage: StageNode | undefined): IssueLocation {
  return {
    ...emptyLocation,
    stage,
    check,
    node: { ...check, logId: null, isTask: false },
    at: timeOf(check.finishedAt),
    counts: { errors: 0, warnings: 0 },
    fallbackMessage: `${capitalized(failedCheckTexts[check.kind])}.`,
  };
}

const genericMessages = [
  /\bexited with (?:exit )?code:? '?-?\d+'?\.?$/i,
  /\b(?:failed|completed) with (?:an? )?(?:non-?zero )?(?:exit|return) ?code:?(?: '?-?\d+'?)?/i,
  /\breturned (?:an? )?(?:non-?zero )?exit code:? ?'?-?\d*'?/i,
  /\b(?:wrote|has written) (?:one or more lines )?to the standard error stream/i,
  /^(?:error: )?(?:the )?(?:task|job|step|stage|script|build|command) (?:has )?failed\.?$/i,
];

/** Says that something failed, not why: what tasks add after the real error. */
export function isGenericMessage(message: string): boolean {
  return genericMessages.some((pattern) => pattern.test(message.trim()));
}

/** The number in `Bash exited with code '22'.` */
export function exitCodeIn(message: string): number | undefined {
  const code = /(?:exit|return|exited with) ?code:? '?(-?\d+)'?/i.exec(message)?.[1];
  return code === undefined ? undefined : Number(code);
}
