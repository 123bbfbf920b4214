import { isGuid } from "../core/project.ts";
import type { InputValues } from "./fields.ts";
import { isSameOrganization, type Organization } from "./where.ts";

/** What the step is about: a pipeline to start, or a run to follow. */
export type RunTarget =
  | { readonly kind: "start"; readonly pipeline: PipelineChoice }
  | { readonly kind: "follow"; readonly runId: number; readonly pipelineId: number | undefined };

export type PipelineChoice =
  | { readonly by: "id"; readonly id: number }
  | { readonly by: "name"; readonly folder: string | undefined; readonly name: string };

/** Where the step is at work. */
export interface ProjectRef {
  readonly organization: Organization;
  readonly project: string;
  /** The input `project` beside a `url` that names the project in the other way, by name or by GUID. */
  readonly statedProject?: string | undefined;
}

interface ProjectAndTarget {
  readonly projectRef: ProjectRef;
  readonly target: RunTarget;
}

type GivenInputs = Partial<InputValues>;

/** Puts together where and what, from the inputs or from a pasted address; mistakes go to `problems`. */
export function resolveTarget(given: GivenInputs, problems: string[]): ProjectAndTarget | undefined {
  const problemCount = problems.length;
  problems.push(...conflictingInputs(given));
  const organization = given.url?.organization ?? given.organization;
  const project = given.url?.project ?? given.project;
  const runId = given.url?.runId ?? given.runId;
  const pipelineId = given.pipelineId ?? given.url?.pipelineId;
  const hasProblem = (name: string) => problems.some((problem) => problem.startsWith(`${name}:`));

  if (!organization && !hasProblem("organization") && !hasProblem("url"))
    problems.push("organization: is missing");
  if (!project && !hasProblem("project") && !hasProblem("url")) problems.push("project: is missing");
  if (project === "." || project === "..") problems.push(`project: "${project}" is no project's name`);
  const target =
    runId === undefined ? startTarget(given, pipelineId) : { kind: "follow" as const, runId, pipelineId };
  if (runId !== undefined) problems.push(...startOnlyInputs(given));
  if (target?.kind === "start" && target.pipeline.by === "name" && target.pipeline.name === "")
    problems.push(`pipeline-name: "${given.pipelineName}" is a folder; the pipeline's name is missing`);
  const targetHasProblem = ["pipeline-id", "pipeline-name", "run-id", "url"].some(hasProblem);
  if (target === undefined && !targetHasProblem) {
    problems.push("pipeline-id: is missing; give it, or `pipeline-name`, `url` or `run-id`");
  }
  if (problems.length > problemCount || !organization || !project || !target) return undefined;
  const statedProject =
    given.project !== undefined && isGuid(given.project) !== isGuid(project) ? given.project : undefined;
  return { projectRef: { organization, project, statedProject }, target };
}

function startTarget({ pipelineName }: GivenInputs, pipelineId: number | undefined): RunTarget | undefined {
  if (pipelineId !== undefined) return { kind: "start", pipeline: { by: "id", id: pipelineId } };
  if (pipelineName === undefined) return undefined;
  const separator = pipelineName.lastIndexOf("\\");
  const folder =
    separator < 0 ? undefined : `\\${pipelineName.slice(0, separator).replace(/^\\+|\\+$/g, "")}`;
  return { kind: "start", pipeline: { by: "name", folder, name: pipelineName.slice(separator + 1) } };
}

function conflictingInputs({ url, ...given }: GivenInputs): string[] {
  const conflicts: string[] = [];
  if (given.pipelineName !== undefined && (given.pipelineId ?? url?.pipelineId) !== undefined) {
    conflicts.push(
      `pipeline-name: give either it or \`${given.pipelineId === undefined ? "url" : "pipeline-id"}\``,
    );
  }
  if (url === undefined) return conflicts;
  const compare = (name: string, inputValue: unknown, urlValue: unknown) => {
    if (inputValue !== undefined && urlValue !== undefined && inputValue !== urlValue) {
      conflicts.push(`${name}: ${inputValue} contradicts the input \`url\`, which says ${urlValue}`);
    }
  };
  if (given.organization !== undefined && !isSameOrganization(given.organization, url.organization)) {
    compare("organization", given.organization.base, url.organization.base);
  }
  if (!isSameProject(given.project, url.project)) compare("project", given.project, url.project);
  compare("pipeline-id", given.pipelineId, url.pipelineId);
  compare("run-id", given.runId, url.runId);
  if (given.runId !== undefined && url.runId === undefined) {
    conflicts.push("run-id: contradicts the input `url`, which is the address of a pipeline, not of a run");
  }
  return conflicts;
}

/** A name and a GUID may be the same project; only the service could tell. */
function isSameProject(a: string | undefined, b: string): boolean {
  return a === undefined || isGuid(a) !== isGuid(b) || a.toLowerCase() === b.toLowerCase();
}

function startOnlyInputs(given: GivenInputs): string[] {
  const inputs: Readonly<Record<string, unknown>> = {
    "pipeline-name": given.pipelineName,
    ref: given.ref,
    commit: given.commit,
    parameters: given.parameters,
    variables: given.variables,
    "secret-variables": given.secretVariables,
    "stages-to-skip": given.stagesToSkip,
    resources: given.resources,
    "request-body": given.requestBody,
    preview: given.preview || undefined,
    "on-rerun": given.onRerun === "new" ? undefined : given.onRerun,
  };
  return Object.entries(inputs).flatMap(([name, value]) =>
    value === undefined
      ? []
      : [`${name}: only makes sense for a run that is started, and this step follows one`],
  );
}
