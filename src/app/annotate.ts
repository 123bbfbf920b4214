import { annotationsOf } from "../core/causes.ts";
import type { Host } from "../ports.ts";
import { annotationLines } from "../render/annotations.ts";
import type { Sight } from "./follow.ts";

/** GitHub shows so many of each kind a step. One of the errors is the action's own. */
const shownAtMost = 10;

/** The run's own issues as annotations of the step, which has given warnings of its own, and may have more to give. */
export function annotate(
  { run, tree }: Pick<Sight, "run" | "tree">,
  host: Pick<Host, "write" | "repositoryPath" | "warnings">,
  warningsToCome = 0,
): void {
  const warnings = Math.max(0, shownAtMost - host.warnings() - warningsToCome);
  const most = { errors: shownAtMost - 1, warnings };
  host.write(annotationLines(annotationsOf(tree, run.problems, most), (path) => host.repositoryPath(path)));
}
