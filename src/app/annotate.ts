import { annotationsOf } from "../core/causes.ts";
import type { Host } from "../ports.ts";
import { annotationLines } from "../render/annotations.ts";
import type { Sight } from "./follow.ts";

/** Of each kind ten a step are shown, and of the errors one is the action's own. */
const mostErrors = 9;
const mostWarnings = 10;

/** The run's own issues as annotations of the step, which may have warnings of its own to give. */
export function annotate(
  { run, tree }: Pick<Sight, "run" | "tree">,
  host: Pick<Host, "write" | "repositoryPath">,
  ownWarnings = 0,
): void {
  const most = { errors: mostErrors, warnings: mostWarnings - ownWarnings };
  host.write(annotationLines(annotationsOf(tree, run.problems, most), (path) => host.repositoryPath(path)));
}
