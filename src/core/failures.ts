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
  /** Failed only because something else failed. */
  readonly isConsequence: boolean;
}

/**
 * The reasons for the result of a run, first causes first. Failures under `continueOnError` are reasons only if nothing
 * else failed.
 */
export function rootCauses(tree: RunTree, { result = null, problems = [] }: RunEnd = {}): RootCause[] {
  if (result === "succeeded") return [];
  const found = causesIn(issueLocations(tree), result);
  return isExplained(found) ? found : [...problems.map(problemCause), ...found];
}

/** The causes that are not consequences of others; all of them if there are no such causes. */
export function primaryCauses(causes: readonly RootCause[]): readonly RootCause[] {
  const primary = causes.filter(({ isConsequence }) => !isConsequence);
  return primary.length > 0 ? primary : causes;
}

/** The facts about a run that its causes depend on, besides its tree. */
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

/** The innermost places that failed, for runs without any message. */
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

/** Why the run could not start at all. */
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
  /** The number of further issues. */
  readonly moreErrors: number;
  readonly moreWarnings: number;
}

interface AnnotationOptions {
  /** The maximum of each. */
  readonly errors: number;
  readonly warnings: number;
  /** If the step succeeds, the run's errors become warnings. */
  readonly isSuccess?: boolean;
}

/** The issues of a run, first causes first. Errors that did not make the run fail become warnings. */
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

/** Puts the first error of each root failure first, since ten errors of one task would hide those of other tasks. */
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

/** An agent counts all issues, but lists only the first ten of them. */
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
  // A job that was ended from outside has the reason itself, whatever its tasks did after that.
  if (hasExplainedChild && !isCanceled && !wasInterrupted) return ranks.failedChild;
  // "Bash exited with code '1'" is a cause only if there is no better message.
  const isGeneric =
    isGenericMessage(issue.message) && !siblings.every((other) => isGenericMessage(other.message));
  return isGeneric ? ranks.genericMessage : ranks.message;
}

const cancelMessage =
  /^(?:error: )?(?:the |a )?(?:operation|task) (?:was|has been|will be) cancell?ed\b|^(?:System\.)?(?:Threading\.Tasks\.)?(?:Operation|Task)Cancell?edException/i;

const abortedCheckMessage = /^check aborted\b/i;

/** The message of a task or check that was ended from outside is never the reason. */
function isCancelEcho(message: string, { task, check }: IssueLocation): boolean {
  if (check !== undefined) return abortedCheckMessage.test(message);
  return task !== undefined && cancelMessage.test(message.trim());
}

/** A stage, job or check that was abandoned never got the resources it needed, or lost them. */
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

/** Whether a job only repeats a message of one of its tasks. */
function duplicatesTaskMessage(found: readonly Ranked[]): (entry: Ranked) => boolean {
  const keyOf = ({ jobId, message }: RootCause) => JSON.stringify([jobId, message]);
  const taskKeys = new Set(
    found.filter(({ cause }) => cause.taskId !== undefined).map(({ cause }) => keyOf(cause)),
  );
  return ({ cause }) => cause.jobId !== undefined && cause.taskId === undefined && taskKeys.has(keyOf(cause));
}

/** Compilers repeat a message for each project that includes the file, and jobs repeat the messages of their tasks. */
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

/** A node that can have issues. */
interface IssueLocation {
  readonly stage: StageNode | undefined;
  readonly job: JobNode | undefined;
  readonly task: TaskNode | undefined;
  readonly check?: StageCheck | undefined;
  readonly node: NodeEnd & {
    readonly logId: number | null;
    readonly issues: readonly Issue[];
  };
  /** When its failure began, in milliseconds since 1970; the largest number if unknown. */
  readonly at: number;
  /** The issues of the node itself. */
  readonly counts: Pick<RunNode, "errors" | "warnings">;
  readonly hasFailedChild: boolean;
  /** Something inside it failed with a message, which its own messages only repeat. */
  readonly hasExplainedChild: boolean;
  readonly hasIssueBelow: boolean;
  readonly hasErrorBelow: boolean;
  /** `let-pass`: it failed under `continueOnError`. `harmless`: it succeeded in the end. */
  readonly tolerance: "none" | "let-pass" | "harmless";
  /** Something in it was still running when it ended. */
  readonly wasInterrupted: boolean;
  /** Something in it reports that it was canceled. */
  readonly isCanceledInside: boolean;
  /** The message to use if the service gave none. */
  readonly fallbackMessage?: string | undefined;
}

/** Describes a wait (approval, check) that failed. */
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

/** With `continueOnError`, a job or stage can contain failed tasks without failing itself. */
function isTolerated({ result }: RunNode): boolean {
  return result === "succeededWithIssues" || result === "succeeded";
}

/** A task that succeeded in the end (for example on a retry) keeps its errors. */
function taskTolerance({ result }: TaskNode, isInTolerated: boolean): IssueLocation["tolerance"] {
  if (result === "succeeded" || result === "skipped") return "harmless";
  return isInTolerated || result === "succeededWithIssues" ? "let-pass" : "none";
}

/** Still running, or not started, when its job ended. */
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

/** Whether a message says only that something failed, not why: tasks add one after the real error. */
export function isGenericMessage(message: string): boolean {
  return genericMessages.some((pattern) => pattern.test(message.trim()));
}

/** The number in `Bash exited with code '22'.` */
export function exitCodeIn(message: string): number | undefined {
  const code = /(?:exit|return|exited with) ?code:? '?(-?\d+)'?/i.exec(message)?.[1];
  return code === undefined ? undefined : Number(code);
}
