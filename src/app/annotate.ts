import { annotationsOf } from "../core/annotations.ts";
import type { RootCause } from "../core/failures.ts";
import { sourceOrigin } from "../core/report-commit.ts";
import type { TestCounts } from "../core/run-report.ts";
import type { RunSnapshot } from "../core/run-snapshot.ts";
import { counted } from "../lib/text.ts";
import { annotationLines, annotationPlace } from "../render/annotations.ts";
import { testAnnotations } from "../render/tests.ts";
import type { TrackingContext } from "./context.ts";

/** GitHub shows this many annotations of each kind per step. */
const maxAnnotations = 10;

type AnnotationContext = Pick<TrackingContext, "deps" | "trigger">;

interface AnnotateOptions {
  /** If the step succeeds, no issue of the run is annotated as an error. */
  readonly isSuccess?: boolean;
  /** The number of errors and warnings that the step itself will still write. */
  readonly reservedErrors?: number;
  readonly reservedWarnings?: number;
  /** The cause that the step's own error contains. */
  readonly writtenCause?: RootCause | undefined;
}

/** Annotates the run's issues, within the limit that the step's own warnings leave. */
export async function annotate(
  { run, tree }: Pick<RunSnapshot, "run" | "tree">,
  context: AnnotationContext,
  { isSuccess = false, reservedErrors = 1, reservedWarnings = 0, writtenCause }: AnnotateOptions = {},
): Promise<void> {
  const { runner } = context.deps;
  const warnings = remaining("warning", context, reservedWarnings);
  const errors = remaining("error", context, reservedErrors);
  const annotations = annotationsOf(tree, run, { errors, warnings, isSuccess, writtenCause });
  const toRepositoryPath = await pathReader(run, context);
  runner.write(annotationLines(annotations, { toRepositoryPath, isForLog: true }));
}

/** File and line of a cause in this repository; empty if it has none. */
export async function placeOfCause(
  { issue }: RootCause,
  run: RunSnapshot["run"],
  context: AnnotationContext,
): Promise<ReturnType<typeof annotationPlace>> {
  return annotationPlace(issue, await pathReader(run, context));
}

type AnnotateTestsOptions = Required<Pick<AnnotateOptions, "isSuccess" | "reservedErrors">>;

/** Annotates failed tests, within the remaining limit, and counts the others. */
export async function annotateTests(
  tests: TestCounts | undefined,
  run: RunSnapshot["run"],
  context: AnnotationContext,
  { isSuccess, reservedErrors }: AnnotateTestsOptions,
): Promise<void> {
  if (tests === undefined) return;
  const type = isSuccess ? "warning" : "error";
  const failures = tests.failures.slice(0, remaining(type, context, isSuccess ? 0 : reservedErrors));
  const hiddenCount = tests.failed - failures.length;
  const hidden =
    failures.length > 0
      ? `And ${counted(hiddenCount, "more failed test")}`
      : counted(hiddenCount, "failed test");
  context.deps.runner.write([
    ...testAnnotations({ failures, type }, await pathReader(run, context)),
    ...(hiddenCount > 0 ? [{ type: "text" as const, text: `${hidden} in the run.` }] : []),
  ]);
}

function remaining(
  type: "error" | "warning",
  { deps: { runner } }: Pick<AnnotationContext, "deps">,
  reserved: number,
): number {
  return Math.max(0, maxAnnotations - runner.annotationCount(type) - reserved);
}

/** In another commit or repository, the line numbers would be wrong. */
async function pathReader(
  run: RunSnapshot["run"],
  { deps: { runner }, trigger }: AnnotationContext,
): Promise<(path: string) => string | undefined> {
  const isEventCommit = sourceOrigin(await trigger(), run) === "event-commit";
  return (path) => (isEventCommit ? runner.repositoryPath(path) : undefined);
}
