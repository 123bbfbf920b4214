import { isGuid } from "../core/project.ts";
import type { Values } from "./fields.ts";
import { type Organization, sameOrganization } from "./where.ts";

/** What the step is about: a pipeline to start, or a run to follow. */
export type Target =
  | { readonly kind: "start"; readonly pipeline: PipelineChoice }
  | { readonly kind: "follow"; readonly runId: number; readonly pipelineId: number | undefined };

export type PipelineChoice =
  | { readonly by: "id"; readonly id: number }
  | { readonly by: "name"; readonly folder: string | undefined; readonly name: string };

/** Where the step is at work. */
export interface Place {
  readonly organization: Organization;
  readonly project: string;
  /** The input `project` beside a `url` that names the project in the other way, by name or by GUID. */
  readonly statedProject?: string | undefined;
}

interface Where {
  readonly place: Place;
  readonly target: Target;
}

type Given = Partial<Values>;

/** Puts together where and what, from the inputs or from a pasted address; mistakes go to `problems`. */
export function targetOf(given: Given, problems: string[]): Where | undefined {
  const known = problems.length;
  problems.push(...contradictions(given));
  const organization = given.url?.organization ?? given.organization;
  const project = given.url?.project ?? given.project;
  const runId = given.url?.runId ?? given.runId;
  const pipelineId = given.pipelineId ?? given.url?.pipelineId;
  const mistaken = (name: string) => problems.some((problem) => problem.startsWith(`${name}:`));

  if (!organization && !mistaken("organization") && !mistaken("url"))
    problems.push("organization: is missing");
  if (!project && !mistaken("project") && !mistaken("url")) problems.push("project: is missing");
  if (project === "." || project === "..") problems.push(`project: "${project}" is no project's name`);
  const target =
    runId === undefined ? startOf(given, pipelineId) : { kind: "follow" as const, runId, pipelineId };
  if (runId !== undefined) problems.push(...onlyForStarts(given));
  if (target?.kind === "start" && target.pipeline.by === "name" && target.pipeline.name === "")
    problems.push(`pipeline-name: "${given.pipelineName}" is a folder; the pipeline's name is missing`);
  const named = ["pipeline-id", "pipeline-name", "run-id", "url"].some(mistaken);
  if (target === undefined && !named) {
    problems.push("pipeline-id: is missing; give it, or `pipeline-name`, `url` or `run-id`");
  }
  if (problems.length > known || !organization || !project || !target) return undefined;
  const statedProject =
    given.project !== undefined && isGuid(given.project) !== isGuid(project) ? given.project : undefined;
  return { place: { organization, project, statedProject }, target };
}

function startOf({ pipelineName }: Given, pipelineId: number | undefined): Target | undefined {
  if (pipelineId !== undefined) return { kind: "start", pipeline: { by: "id", id: pipelineId } };
  if (pipelineName === undefined) return undefined;
  const cut = pipelineName.lastIndexOf("\\");
  const folder = cut < 0 ? undefined : `\\${pipelineName.slice(0, cut).replace(/^\\+|\\+$/g, "")}`;
  return { kind: "start", pipeline: { by: "name", folder, name: pipelineName.slice(cut + 1) } };
}

function contradictions({ url, ...given }: Given): string[] {
  const found: string[] = [];
  if (given.pipelineName !== undefined && (given.pipelineId ?? url?.pipelineId) !== undefined) {
    found.push(
      `pipeline-name: give either it or \`${given.pipelineId === undefined ? "url" : "pipeline-id"}\``,
    );
  }
  if (url === undefined) return found;
  const differs = (name: string, mine: unknown, theirs: unknown) => {
    if (mine !== undefined && theirs !== undefined && mine !== theirs) {
      found.push(`${name}: ${mine} contradicts the input \`url\`, which says ${theirs}`);
    }
  };
  if (given.organization !== undefined && !sameOrganization(given.organization, url.organization)) {
    differs("organization", given.organization.base, url.organization.base);
  }
  if (!sameProject(given.project, url.project)) differs("project", given.project, url.project);
  differs("pipeline-id", given.pipelineId, url.pipelineId);
  differs("run-id", given.runId, url.runId);
  if (given.runId !== undefined && url.runId === undefined) {
    found.push("run-id: contradicts the input `url`, which is the address of a pipeline, not of a run");
  }
  return found;
}

/** A name and a GUID may be the same project; only the service could tell. */
function sameProject(a: string | undefined, b: string): boolean {
  return a === undefined || isGuid(a) !== isGuid(b) || a.toLowerCase() === b.toLowerCase();
}

function onlyForStarts(given: Given): string[] {
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
