import type { Expression } from "../core/expression.ts";
import { isGuid, matchesProject, type ProjectNames } from "../core/model.ts";
import { ActionError } from "../errors.ts";
import type { InputValues } from "./fields.ts";
import { isSameOrganization, type Organization } from "./organization-url.ts";

/** The run of the step: a run to start, a run with a known id, or a run to search for. */
export type RunTarget =
  | { readonly kind: "start"; readonly pipeline: PipelineChoice }
  | FollowTarget
  | FindTarget;

export interface FollowTarget {
  readonly kind: "follow";
  readonly runId: number;
  readonly expected: ExpectedRun;
  /** Manual stages to start in that run; empty for none. */
  readonly stagesToStart: readonly string[];
}

export interface FindTarget {
  readonly kind: "find";
  readonly pipeline: PipelineChoice;
  readonly search: RunSearch;
  /** Manual stages to start in the run that is found, or in the one started instead; empty for none. */
  readonly stagesToStart: readonly string[];
}

export type PipelineChoice =
  | { readonly by: "id"; readonly id: number }
  | { readonly by: "name"; readonly folder: string | undefined; readonly name: string };

/** The expected properties of a run that is given by its id: the run must have each that is set. */
export interface ExpectedRun {
  readonly pipeline: PipelineChoice | undefined;
  /** Full ref. */
  readonly ref: string | undefined;
  /** The first seven digits or more. */
  readonly commit: string | undefined;
  /** The inputs that name the run and the pipeline. */
  readonly inputNames: {
    readonly run: "run-id" | "url";
    readonly pipeline: "pipeline-id" | "pipeline-name" | "url";
  };
}

interface RunSearch {
  /** `commit`: runs that build `commit`, and of `ref` where it is set. `ref`: runs of `ref`. */
  readonly by: "commit" | "ref";
  /** Full ref; `undefined`: with `by: "ref"` the event's ref, else any. */
  readonly ref: string | undefined;
  /** A full hash with `by: "commit"`; `undefined`: the event's commit. */
  readonly commit: string | undefined;
  readonly when: Expression | undefined;
  /** How long to wait for the run to appear; 0 searches once. */
  readonly timeoutMs: number;
  readonly ifNotFound: "fail" | "start" | "succeed";
}

export interface ProjectRef {
  readonly organization: Organization;
  readonly project: string;
  /** The input `project` next to a `url` that names the project differently: one by name, the other by GUID. */
  readonly statedProject?: string | undefined;
}

interface ProjectAndTarget {
  readonly projectRef: ProjectRef;
  readonly target: RunTarget;
}

type GivenInputs = Partial<InputValues>;

const defaultFindTimeoutMs = 5 * 60_000;

/** Reads project and target from the separate inputs or from a pasted URL; mistakes are added to `problems`. */
export function resolveTarget(given: GivenInputs, problems: string[]): ProjectAndTarget | undefined {
  const problemCount = problems.length;
  const hasProblem = (...names: readonly string[]) =>
    problems.some((problem) => names.some((name) => problem.startsWith(`${name}:`)));
  problems.push(...conflictingInputs(given));
  const organization = given.url?.organization ?? given.organization;
  const project = given.url?.project ?? given.project;
  if (!organization && !hasProblem("organization", "url")) problems.push("organization: is missing");
  if (!project && !hasProblem("project", "url")) problems.push("project: is missing");
  if (project === "." || project === "..") problems.push(`project: "${project}" is not a project name`);
  const pipeline = pipelineChoice(given);
  if (pipeline?.by === "name" && pipeline.name === "")
    problems.push(`pipeline-name: "${given.pipelineName}" is a folder; the pipeline's name is missing`);
  const target = targetOf(given, pipeline);
  if (target === undefined && !hasProblem("pipeline-id", "pipeline-name", "run-id", "url"))
    problems.push(missingPipeline(given));
  problems.push(...misplacedInputs(given, hasProblem("find-run")));
  if (problems.length > problemCount || !organization || !project || !target) return undefined;
  const statedProject =
    given.project !== undefined && isGuid(given.project) !== isGuid(project) ? given.project : undefined;
  return { projectRef: { organization, project, statedProject }, target };
}

function pipelineChoice({ url, pipelineName, ...given }: GivenInputs): PipelineChoice | undefined {
  const id = given.pipelineId ?? url?.pipelineId;
  if (id !== undefined) return { by: "id", id };
  if (pipelineName === undefined) return undefined;
  const path = pipelineName.replaceAll("/", "\\");
  const separator = path.lastIndexOf("\\");
  const folder = separator < 0 ? undefined : `\\${path.slice(0, separator).replace(/^\\+|\\+$/g, "")}`;
  return { by: "name", folder, name: path.slice(separator + 1) };
}

function runIdOf({ url, runId }: GivenInputs): number | undefined {
  return url?.runId ?? runId;
}

function targetOf(given: GivenInputs, pipeline: PipelineChoice | undefined): RunTarget | undefined {
  const { ref, commit, stagesToStart = [] } = given;
  const runId = runIdOf(given);
  if (runId !== undefined) {
    const expected = { pipeline, ref, commit, inputNames: inputNamesOf(given) };
    return { kind: "follow", runId, expected, stagesToStart };
  }
  if (pipeline === undefined) return undefined;
  if (given.findRun === undefined) return { kind: "start", pipeline };
  const ifNotFound = given.ifNotFound ?? "fail";
  const timeoutMs = given.findTimeoutMs ?? (ifNotFound === "start" ? 0 : defaultFindTimeoutMs);
  const search = { by: given.findRun, ref, commit, when: given.findWhen, timeoutMs, ifNotFound };
  return { kind: "find", pipeline, search, stagesToStart };
}

function inputNamesOf({ runId, pipelineId, pipelineName }: GivenInputs): ExpectedRun["inputNames"] {
  return {
    run: runId === undefined ? "url" : "run-id",
    pipeline: pipelineName !== undefined ? "pipeline-name" : pipelineId === undefined ? "url" : "pipeline-id",
  };
}

function missingPipeline({ findRun }: GivenInputs): string {
  return findRun === undefined
    ? "pipeline-id: is missing; set it, or `pipeline-name`, `url` or `run-id`"
    : "find-run: needs `pipeline-id`, `pipeline-name` or the `url` of a pipeline";
}

function conflictingInputs({ url, ...given }: GivenInputs): string[] {
  const conflicts: string[] = [];
  if (given.pipelineName !== undefined && (given.pipelineId ?? url?.pipelineId) !== undefined) {
    conflicts.push(
      `pipeline-name: set either it or \`${given.pipelineId === undefined ? "url" : "pipeline-id"}\``,
    );
  }
  if (url === undefined) return conflicts;
  const compare = (name: string, inputValue: unknown, urlValue: unknown) => {
    if (inputValue !== undefined && urlValue !== undefined && inputValue !== urlValue) {
      conflicts.push(`${name}: ${inputValue} contradicts the input \`url\`, which contains ${urlValue}`);
    }
  };
  if (given.organization !== undefined && !isSameOrganization(given.organization, url.organization)) {
    compare("organization", given.organization.base, url.organization.base);
  }
  if (!isSameProject(given.project, url.project)) compare("project", given.project, url.project);
  compare("pipeline-id", given.pipelineId, url.pipelineId);
  compare("run-id", given.runId, url.runId);
  return conflicts;
}

/** A name and a GUID may be the same project, which only the service knows. */
function isSameProject(a: string | undefined, b: string): boolean {
  return a === undefined || isGuid(a) !== isGuid(b) || a.toLowerCase() === b.toLowerCase();
}

/** Inputs that do not apply to the run target. `isFindRunInvalid`: it is unknown whether to search. */
function misplacedInputs(given: GivenInputs, isFindRunInvalid: boolean): readonly string[] {
  const stagesToStart = given.stagesToStart?.length ? given.stagesToStart : undefined;
  if (runIdOf(given) !== undefined) {
    return [
      ...rejectEach(
        { ...startInputs(given), "on-rerun": given.onRerun === "attach" ? given.onRerun : undefined },
        "applies only to starting a run, and this step follows one",
      ),
      ...rejectEach(
        { "find-run": given.findRun, ...findInputs(given) },
        `cannot be combined with ${given.url?.runId === undefined ? "`run-id`" : "the `url` of a run"}, which says which run to follow`,
      ),
    ];
  }
  if (given.findRun !== undefined) return misplacedInSearch(given);
  if (isFindRunInvalid) return [];
  return [
    ...rejectEach(findInputs(given), "applies only with `find-run`"),
    ...rejectEach(
      { "stages-to-start": stagesToStart },
      "applies only to a run that exists: set `run-id`, the `url` of a run, or `find-run`",
    ),
  ];
}

function misplacedInSearch(given: GivenInputs): readonly string[] {
  const { preview, ...otherStartInputs } = startInputs(given);
  const { findRun, commit } = given;
  return [
    ...rejectEach({ preview }, "cannot be combined with `find-run`"),
    ...(given.ifNotFound === "start"
      ? []
      : rejectEach(
          otherStartInputs,
          "applies only to starting a run, and this step searches for one; remove it, or set `if-not-found: start`",
        )),
    ...(findRun === "commit" && commit !== undefined && !isWholeHash(commit)
      ? [`commit: \`find-run: commit\` needs the full hash (40 digits), got "${commit}"`]
      : []),
  ];
}

function isWholeHash(commit: string): boolean {
  return commit.length === 40 || commit.length === 64;
}

type NamedValues = Readonly<Record<string, unknown>>;

/** Inputs that make sense only for a run that is started. */
function startInputs(given: GivenInputs): NamedValues {
  return {
    parameters: given.parameters,
    variables: given.variables,
    "secret-variables": given.secretVariables,
    "stages-to-skip": given.stagesToSkip,
    resources: given.resources,
    "request-body": given.requestBody,
    preview: given.preview || undefined,
  };
}

function findInputs(given: GivenInputs): NamedValues {
  return {
    "find-when": given.findWhen,
    "find-timeout": given.findTimeoutMs,
    "if-not-found": given.ifNotFound === "fail" ? undefined : given.ifNotFound,
  };
}

function rejectEach(inputs: NamedValues, reason: string): readonly string[] {
  return Object.entries(inputs).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${reason}`],
  );
}

/** If one of `project` and `url` has the project's name and the other its GUID, a response says whether they agree. */
export function checkProject(
  { statedProject }: Pick<ProjectRef, "statedProject">,
  project: ProjectNames | undefined,
): void {
  if (statedProject === undefined || project === undefined || matchesProject(statedProject, project)) return;
  const actual = [project.name, project.id].filter((name) => name !== null).join(", ");
  throw new ActionError(
    "bad-input",
    `project: ${statedProject} contradicts the input \`url\`, whose project is ${actual}.`,
    { hint: "Correct `project`, or remove it, since `url` contains the project." },
  );
}
