import { annotationsOf } from "../core/causes.ts";
import type { Host } from "../ports.ts";
import { annotationLines } from "../render/annotations.ts";
import type { Sight } from "./follow.ts";

/** GitHub shows so many of each kind a step. One of the errors is the action's own. */
const shownAtMost = 10;

/** The run's own issues as annotations of the step, which may have warnings of its own to give. */
export function annotate(
  { run, tree }: Pick<Sight, "run" | "tree">,
  host: Pick<Host, "write" | "repositoryPath">,
  ownWarnings = 0,
): void {
  const most = { errors: shownAtMost - 1, warnings: shownAtMost - ownWarnings };
  host.write(annotationLines(annotationsOf(tree, run.problems, most), (path) => host.repositoryPath(path)));
}
