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
  sumCounts,
  type TaskNode,
} from "./run-tree.ts";

/** Why a run did not succeed: one issue, and where it is. Names are for people, `undefined` where hidden. */
export interface RootCause {
  readonly stage: string | undefined;
  readonly job: string | undefined;
  readonly task: string | undefined;
  /** `undefined` where the node ended badly without a word. */
  readonly message: string | undefined;
  readonly issue: Issue | undefined;
  /** `Staging › Smoke tests › Run curl`. */
  readonly path: string;
  readonly jobId: string | undefined;
  readonly taskId: string | undefined;
  readonly logId: number | null;
  readonly logLine: number | undefined;
  /** Failed because something else did: an echo, or canceled. */
  readonly isConsequence: boolean;
}

/** What explains the end of the run, first causes first: echoes, then what was only canceled, come last. */
export function rootCauses(tree: RunTree, problems: RunFacts["problems"] = []): RootCause[] {
  const found = distinct(ranked(tree, "error").filter(({ rank }) => rank !== ranks.harmless));
  return isExplained(found) ? found : [...problems.map(problemCause), ...found];
}

function isExplained(causes: readonly RootCause[]): boolean {
  return causes.some(({ message, isConsequence }) => message !== undefined && !isConsequence);
}

/** Why the run as a whole could not be run. */
function problemCause(message: string): RootCause {
  const noLocation = { stage: undefined, job: undefined, task: undefined, path: "" };
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

interface AnnotationLimits {
  readonly errors: number;
  readonly warnings: number;
}

/** What there is to tell of each place, first causes first. */
export function annotationsOf(
  tree: RunTree,
  problems: RunFacts["problems"],
  limits: AnnotationLimits,
): Annotations {
  const rankedErrors = ranked(tree, "error");
  const rankedWarnings = ranked(tree, "warning");
  const annotatedErrors = distinct(firstPerNodeFirst(rankedErrors)).filter(
    (cause) => cause.issue !== undefined,
  );
  const errors = isExplained(rootCauses(tree))
    ? annotatedErrors
    : [...problems.map(problemCause), ...annotatedErrors];
  const warnings = distinct(rankedWarnings);
  const all = sumCounts(tree.stages);
  const countDuplicates = (found: readonly Ranked[]) => found.filter(duplicatesTaskError(found)).length;
  return {
    errors: errors.slice(0, limits.errors),
    warnings: warnings.slice(0, limits.warnings),
    moreErrors: overflow(all.errors - countDuplicates(rankedErrors), errors.length, limits.errors),
    moreWarnings: overflow(all.warnings - countDuplicates(rankedWarnings), warnings.length, limits.warnings),
  };
}

/** The first error of each place that failed by itself comes first: nine of one task would hide the other tasks. */
function firstPerNodeFirst(found: readonly Ranked[]): readonly Ranked[] {
  const seenNodes = new Set<string>();
  const isFirst = ({ rank, cause: { jobId, taskId, path } }: Ranked): boolean => {
    const nodeKey = JSON.stringify([path, jobId, taskId]);
    if (rank > ranks.exitCode || seenNodes.has(nodeKey)) return false;
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

const ranks = { failed: 0, exitCode: 1, failedChild: 2, withIssues: 3, harmless: 4, canceled: 5 } as const;

interface Ranked {
  readonly rank: number;
  readonly at: number;
  readonly cause: RootCause;
}

function ranked(tree: RunTree, severity: Issue["severity"]): Ranked[] {
  return issueLocations(tree)
    .flatMap((location) => {
      const issues = location.node.issues.filter((issue) => issue.severity === severity);
      const lacksMessage =
        severity === "error" && issues.length === 0 && !location.hasFailedChild && hasFailed(location.node);
      return (lacksMessage ? [undefined] : issues).map((issue): Ranked => {
        const rank = rankOf(location, issue, issues);
        const at = parseTime(location.node.finishedAt) ?? Number.MAX_SAFE_INTEGER;
        return {
          rank,
          at,
          cause: causeOf(location, issue, rank === ranks.failedChild || rank === ranks.canceled),
        };
      });
    })
    .sort((a, b) => a.rank - b.rank || a.at - b.at);
}

function rankOf(
  { node, hasFailedChild }: IssueLocation,
  issue: Issue | undefined,
  siblings: readonly Issue[],
): number {
  if (node.result === "canceled" || node.result === "abandoned") return ranks.canceled;
  if (node.result === "succeededWithIssues") return ranks.withIssues;
  if (!hasFailed(node)) return ranks.harmless;
  if (hasFailedChild) return ranks.failedChild;
  // "Bash exited with code '1'" is the cause only where nothing better is said.
  const isGeneric =
    issue !== undefined &&
    isGenericMessage(issue.message) &&
    !siblings.every((other) => isGenericMessage(other.message));
  return isGeneric ? ranks.exitCode : ranks.failed;
}

function hasFailed(node: Pick<RunNode, "result">): boolean {
  return node.result === "failed";
}

function causeOf(location: IssueLocation, issue: Issue | undefined, isConsequence: boolean): RootCause {
  const { stage, job, task, node, fallbackMessage } = location;
  return {
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
function duplicatesTaskError(found: readonly Ranked[]): (entry: Ranked) => boolean {
  const keyOf = ({ jobId, message }: RootCause) => JSON.stringify([jobId, message]);
  const taskKeys = new Set(
    found.filter(({ cause }) => cause.taskId !== undefined).map(({ cause }) => keyOf(cause)),
  );
  return ({ cause }) => cause.jobId !== undefined && cause.taskId === undefined && taskKeys.has(keyOf(cause));
}

/** Compilers say the same once for each project that includes the file, and a job what its task has said. */
function distinct(found: readonly Ranked[]): RootCause[] {
  const causes = new Map<string, RootCause>();
  const isDuplicate = duplicatesTaskError(found);
  for (const entry of found) {
    if (isDuplicate(entry)) continue;
    const { cause } = entry;
    const { jobId, taskId, message, issue } = cause;
    const key = JSON.stringify([cause.path, jobId, taskId, message, issue?.file, issue?.line]);
    if (!causes.has(key)) causes.set(key, cause);
  }
  return [...causes.values()];
}

/** A place where issues can hang. */
interface IssueLocation {
  readonly stage: StageNode | undefined;
  readonly job: JobNode | undefined;
  readonly task: TaskNode | undefined;
  readonly node: {
    readonly result: NodeResult | null;
    readonly finishedAt: string | null;
    readonly logId: number | null;
    readonly issues: readonly Issue[];
  };
  /** Something inside it failed: what it says of itself only repeats that. */
  readonly hasFailedChild: boolean;
  /** What to say where the service says nothing. */
  readonly fallbackMessage?: string;
}

/** What became of a wait that ended badly. */
export const failedCheckTexts: Readonly<Record<StageCheck["kind"], string>> = {
  approval: "approval was not given",
  authorization: "permission was not given",
  check: "a check did not pass",
  manual: "it was not started",
};

/** Every place of a run, in its order. */
function issueLocations(tree: RunTree): IssueLocation[] {
  return [
    ...tree.stages.flatMap(stageLocations),
    ...pipelineChecks(tree).map((check) => checkLocation(check, undefined)),
  ];
}

function stageLocations(stage: StageNode): IssueLocation[] {
  const isFailed = (node: { readonly result: NodeResult | null }) => node.result === "failed";
  const hasFailedChild = stage.jobs.some(isFailed) || stage.checks.some(isFailed);
  return [
    ...stage.checks.map((check) => checkLocation(check, stage)),
    ...stage.jobs.flatMap((job) => [
      ...job.tasks.map((task) => ({ stage, job, task, node: task, hasFailedChild: false })),
      { stage, job, task: undefined, node: job, hasFailedChild: job.tasks.some(isFailed) },
    ]),
    { stage, job: undefined, task: undefined, node: stage, hasFailedChild },
  ];
}

function checkLocation(check: StageCheck, stage: StageNode | undefined): IssueLocation {
  return {
    stage,
    job: undefined,
    task: undefined,
    node: { ...check, logId: null },
    hasFailedChild: false,
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
