import {
  causeKey,
  causesIn,
  distinct,
  duplicatesTaskMessage,
  isEcho,
  isExplained,
  issuesOf,
  problemCause,
  type Ranked,
  type RootCause,
  type RunEnd,
  ranks,
  sortByRank,
} from "./failures.ts";
import { type IssueLocation, issueLocations } from "./issue-locations.ts";
import type { RunTree } from "./run-tree.ts";

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
  /** A cause that is written elsewhere, so that it is neither returned nor counted. */
  readonly writtenCause?: RootCause | undefined;
}

/** The issues of a run, first causes first. Errors that did not make the run fail become warnings. */
export function annotationsOf(
  tree: RunTree,
  { result = null, problems = [] }: RunEnd,
  { isSuccess = false, writtenCause, ...limits }: AnnotationOptions,
): Annotations {
  const locations = issueLocations(tree);
  const isBlamed = ({ tolerance }: IssueLocation) =>
    !isSuccess && (tolerance === "none" || (tolerance === "let-pass" && result === "partiallySucceeded"));
  const blamed = locations.filter(isBlamed);
  const tolerated = locations.filter((location) => !isBlamed(location));
  const isReasonKnown = isExplained(causesIn(locations, result));
  const blamedErrors = sortByRank(blamed.flatMap((location) => issuesOf(location, "error")));
  // "The operation was canceled" says nothing if there is a reason.
  const echoes = isReasonKnown ? blamedErrors.filter(isEcho) : [];
  const errors = firstPerNodeFirst(blamedErrors.filter((entry) => !echoes.includes(entry)));
  const toleratedErrors = sortByRank(tolerated.flatMap((location) => issuesOf(location, "error")));
  const warnings = sortByRank(locations.flatMap((location) => issuesOf(location, "warning")));
  const writtenKey = writtenCause && causeKey(writtenCause);
  const isNotWritten = (cause: RootCause) => causeKey(cause) !== writtenKey;
  const allErrors = [...(isSuccess || isReasonKnown ? [] : problems.map(problemCause)), ...distinct(errors)];
  const allWarnings = distinct([...toleratedErrors, ...warnings]);
  const shownErrors = allErrors.filter(isNotWritten);
  const shownWarnings = allWarnings.filter(isNotWritten);
  const errorCount =
    countOf(blamed, "errors") -
    // The issues of checks are not counted.
    echoes.filter(({ rank, cause }) => rank === ranks.failedChild || cause.taskId !== undefined).length -
    duplicateCount(errors) -
    (allErrors.length - shownErrors.length);
  const warningCount =
    countOf(tolerated, "errors") +
    countOf(locations, "warnings") -
    duplicateCount(toleratedErrors) -
    duplicateCount(warnings) -
    (allWarnings.length - shownWarnings.length);
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
