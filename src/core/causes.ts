import { isEcho } from "./echo.ts";
import type { Issue, RunFacts } from "./model.ts";
import { countsOf, jobTitle, pathOf, type RunNode, type Tree } from "./nodes.ts";
import { type Spot, spotsIn } from "./spots.ts";
import { timeOf } from "./time.ts";

/** Why a run did not succeed: one issue, and where it is. Names are for people, `undefined` where hidden. */
export interface Cause {
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
export function firstCauses(tree: Tree, problems: RunFacts["problems"] = []): Cause[] {
  const found = distinct(ranked(tree, "error").filter(({ rank }) => rank !== ranks.harmless));
  return isExplained(found) ? found : [...problems.map(problemCause), ...found];
}

function isExplained(causes: readonly Cause[]): boolean {
  return causes.some(({ message, isConsequence }) => message !== undefined && !isConsequence);
}

/** Why the run as a whole could not be run. */
function problemCause(message: string): Cause {
  const nowhere = { stage: undefined, job: undefined, task: undefined, path: "" };
  const issue = { severity: "error", message, logLine: undefined, file: undefined } as const;
  return {
    ...nowhere,
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
  readonly errors: readonly Cause[];
  readonly warnings: readonly Cause[];
  /** How many there are beyond those. */
  readonly moreErrors: number;
  readonly moreWarnings: number;
}

interface Most {
  readonly errors: number;
  readonly warnings: number;
}

/** What there is to tell of each place, first causes first. */
export function annotationsOf(tree: Tree, problems: RunFacts["problems"], most: Most): Annotations {
  const failures = ranked(tree, "error");
  const cautions = ranked(tree, "warning");
  const told = distinct(spread(failures)).filter((cause) => cause.issue !== undefined);
  const errors = isExplained(firstCauses(tree)) ? told : [...problems.map(problemCause), ...told];
  const warnings = distinct(cautions);
  const all = countsOf(tree.stages);
  const repeated = (found: readonly Ranked[]) => found.filter(repeatsItsTask(found)).length;
  return {
    errors: errors.slice(0, most.errors),
    warnings: warnings.slice(0, most.warnings),
    moreErrors: beyond(all.errors - repeated(failures), errors.length, most.errors),
    moreWarnings: beyond(all.warnings - repeated(cautions), warnings.length, most.warnings),
  };
}

/** The first error of each place that failed by itself comes first: nine of one task would hide the other tasks. */
function spread(found: readonly Ranked[]): readonly Ranked[] {
  const places = new Set<string>();
  const isFirst = ({ rank, cause: { jobId, taskId, path } }: Ranked): boolean => {
    const place = JSON.stringify([path, jobId, taskId]);
    if (rank > ranks.exitCode || places.has(place)) return false;
    places.add(place);
    return true;
  };
  const { first = [], other = [] } = Object.groupBy(found, (one) => (isFirst(one) ? "first" : "other"));
  return [...first, ...other];
}

/** An agent counts on when it stops to list, so the count may exceed the list. */
function beyond(count: number, found: number, most: number): number {
  return found <= most ? Math.max(0, count - found) : Math.max(count, found) - most;
}

const ranks = { failed: 0, exitCode: 1, echo: 2, withIssues: 3, harmless: 4, canceled: 5 } as const;

interface Ranked {
  readonly rank: number;
  readonly at: number;
  readonly cause: Cause;
}

function ranked(tree: Tree, severity: Issue["severity"]): Ranked[] {
  return spotsIn(tree)
    .flatMap((spot) => {
      const issues = spot.node.issues.filter((issue) => issue.severity === severity);
      const isMute = severity === "error" && issues.length === 0 && !spot.isEchoed && hasFailed(spot.node);
      return (isMute ? [undefined] : issues).map((issue): Ranked => {
        const rank = rankOf(spot, issue, issues);
        const at = timeOf(spot.node.finishedAt) ?? Number.MAX_SAFE_INTEGER;
        return { rank, at, cause: causeOf(spot, issue, rank === ranks.echo || rank === ranks.canceled) };
      });
    })
    .sort((a, b) => a.rank - b.rank || a.at - b.at);
}

function rankOf({ node, isEchoed }: Spot, issue: Issue | undefined, among: readonly Issue[]): number {
  if (node.result === "canceled" || node.result === "abandoned") return ranks.canceled;
  if (node.result === "succeededWithIssues") return ranks.withIssues;
  if (!hasFailed(node)) return ranks.harmless;
  if (isEchoed) return ranks.echo;
  // "Bash exited with code '1'" is the cause only where nothing better is said.
  const isLesser =
    issue !== undefined && isEcho(issue.message) && !among.every((other) => isEcho(other.message));
  return isLesser ? ranks.exitCode : ranks.failed;
}

function hasFailed(node: Pick<RunNode, "result">): boolean {
  return node.result === "failed";
}

function causeOf(spot: Spot, issue: Issue | undefined, isConsequence: boolean): Cause {
  const { stage, job, task, node, fallback } = spot;
  return {
    stage: stage?.displayName,
    job: job && (stage?.displayName === undefined ? jobTitle(job) : job.displayName),
    task: task?.displayName,
    message: issue?.message ?? fallback,
    issue,
    path: pathOf(stage, job, task),
    jobId: job?.id,
    taskId: task?.id,
    logId: node.logId,
    logLine: issue?.logLine,
    isConsequence,
  };
}

/** A job repeats what one of its tasks has said already. */
function repeatsItsTask(found: readonly Ranked[]): (one: Ranked) => boolean {
  const keyOf = ({ jobId, message }: Cause) => JSON.stringify([jobId, message]);
  const inTasks = new Set(
    found.filter(({ cause }) => cause.taskId !== undefined).map(({ cause }) => keyOf(cause)),
  );
  return ({ cause }) => cause.jobId !== undefined && cause.taskId === undefined && inTasks.has(keyOf(cause));
}

/** Compilers say the same once for each project that includes the file, and a job what its task has said. */
function distinct(found: readonly Ranked[]): Cause[] {
  const said = new Map<string, Cause>();
  const isRepeated = repeatsItsTask(found);
  for (const one of found) {
    if (isRepeated(one)) continue;
    const { cause } = one;
    const { jobId, taskId, message, issue } = cause;
    const key = JSON.stringify([cause.path, jobId, taskId, message, issue?.file, issue?.line]);
    if (!said.has(key)) said.set(key, cause);
  }
  return [...said.values()];
}
