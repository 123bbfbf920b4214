import { annotationsOf } from "../core/causes.ts";
import type { Runner } from "../ports.ts";
import { annotationLines } from "../render/annotations.ts";
import type { RunSnapshot } from "./follow.ts";

/** GitHub shows so many of each kind a step. One of the errors is the action's own. */
const maxAnnotations = 10;

/** The run's own issues as annotations of the step, which has given warnings of its own, and may have more to give. */
export function annotate(
  { run, tree }: Pick<RunSnapshot, "run" | "tree">,
  runner: Pick<Runner, "write" | "repositoryPath" | "warningCount">,
  reservedWarnings = 0,
): void {
  const warnings = Math.max(0, maxAnnotations - runner.warningCount() - reservedWarnings);
  const limits = { errors: maxAnnotations - 1, warnings };
  runner.write(
    annotationLines(annotationsOf(tree, run.problems, limits), (path) => runner.repositoryPath(path)),
  );
}
