import { annotationsOf } from "../core/causes.ts";
import type { Host } from "../ports.ts";
import { annotationLines } from "../render/annotations.ts";
import type { Sight } from "./follow.ts";

/** Ten a step are shown: of the errors one is the action's own, of the warnings so many. */
const mostOfAKind = 10;

/** The run's own issues as annotations of the step. */
export function annotate(
  { tree }: Pick<Sight, "tree">,
  host: Pick<Host, "write" | "repositoryPath">,
  ownWarnings = 0,
): void {
  const annotations = annotationsOf(tree, mostOfAKind - 1, mostOfAKind - ownWarnings);
  host.write(annotationLines(annotations, (path) => host.repositoryPath(path)));
}
