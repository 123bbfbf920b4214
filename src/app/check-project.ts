import { matchesProject, type ProjectNames } from "../core/project.ts";
import { ActionError } from "../errors.ts";
import type { Inputs } from "../inputs.ts";

/** Where `project` and `url` name the project each in its way, what is read anyway says whether they mean the same. */
export function checkProject(
  { projectRef: { statedProject } }: Pick<Inputs, "projectRef">,
  project: ProjectNames | undefined,
): void {
  if (statedProject === undefined || project === undefined || matchesProject(statedProject, project)) return;
  const actual = [project.name, project.id].filter((name) => name !== null).join(", ");
  throw new ActionError(
    "bad-input",
    `project: ${statedProject} contradicts the input \`url\`, whose project is ${actual}.`,
    { hint: "Correct `project`, or take it out: `url` says it already." },
  );
}
