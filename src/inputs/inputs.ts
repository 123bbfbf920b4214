import { type CredentialConfig, parseCredentialConfig, validateSignInInputs } from "../core/credentials.ts";
import { compile } from "../core/expression.ts";
import { isGuid } from "../core/model.ts";
import { checkOutputName } from "../core/output-values.ts";
import { ActionError, reasonOf } from "../errors.ts";
import { type InputValues, readValues } from "./fields.ts";
import { isSameOrganization, type Organization } from "./organization-url.ts";

/** What the workflow asked for, whole and without contradictions. */
export interface Inputs extends Omit<InputValues, "mapOutputs"> {
  readonly projectRef: ProjectRef;
  readonly target: RunTarget;
  readonly credentialConfig: CredentialConfig;
  readonly mapOutputs: readonly MappedOutput[];
}

export interface MappedOutput {
  readonly name: string;
  readonly evaluate: (document: unknown) => unknown;
}

/** Reads every input before complaining, so that one run of the workflow shows every mistake. */
export async function readInputs(get: (name: string) => string): Promise<Inputs> {
  const problems: string[] = [];
  const values = await readValues(get, problems);
  const resolved = resolveTarget(values, problems);
  const credentialConfig = parseCredentials(values, problems);
  checkCombinations(values, problems);
  const mapOutputs = await compileMappedOutputs(values.mapOutputs ?? {}, problems);
  if (problems.length > 0 || resolved === undefined || credentialConfig === undefined)
    throw inputError(problems);
  // Every field with a default is there, or its problem was.
  return { ...(values as InputValues), ...resolved, credentialConfig, mapOutputs };
}

function parseCredentials(
  { auth, ...values }: Partial<InputValues>,
  problems: string[],
): CredentialConfig | undefined {
  // Which way was meant is unknown while `auth` is misspelt, and so is what it needs.
  const result =
    auth === undefined
      ? { problems: validateSignInInputs(values) }
      : parseCredentialConfig({ ...values, auth });
  if ("config" in result) return result.config;
  problems.push(...problemsOfOtherInputs(result.problems, problems));
  return undefined;
}

/** What could not be read is not missing besides. */
function problemsOfOtherInputs(
  problems: readonly string[],
  knownProblems: readonly string[],
): readonly string[] {
  const inputName = (problem: string): string => problem.split(":")[0] ?? "";
  const knownNames = new Set(knownProblems.map(inputName));
  return problems.filter((problem) => !knownNames.has(inputName(problem)));
}

function checkCombinations(values: Partial<InputValues>, problems: string[]): void {
  // Names are the same in upper and lower case to the service.
  const variableNames = new Set(Object.keys(values.variables ?? {}).map((name) => name.toLowerCase()));
  for (const name of Object.keys(values.secretVariables ?? {})) {
    if (variableNames.has(name.toLowerCase())) {
      problems.push(`secret-variables: "${name}" is among \`variables\` too`);
    }
  }
  if (values.wait === false) {
    const needsCompletion = {
      "outputs-artifact": values.outputsArtifact,
      "download-artifacts": values.downloadArtifacts,
    };
    for (const [name, value] of Object.entries(needsCompletion)) {
      if (value !== undefined)
        problems.push(`${name}: needs \`wait: true\`, since artifacts come when the run is completed`);
    }
  }
}

async function compileMappedOutputs(
  mapping: Readonly<Record<string, string>>,
  problems: string[],
): Promise<readonly MappedOutput[]> {
  const outputs: MappedOutput[] = [];
  const usedNames = new Set<string>();
  for (const [name, expression] of Object.entries(mapping)) {
    try {
      checkOutputName(name);
      if (usedNames.has(name.toLowerCase()))
        throw new Error("GitHub takes names in upper and lower case for one");
      usedNames.add(name.toLowerCase());
      outputs.push({ name, evaluate: await compile(expression) });
    } catch (error) {
      problems.push(`map-outputs: ${name}: ${reasonOf(error)}`);
    }
  }
  return outputs;
}

function inputError(problems: readonly string[]): ActionError {
  return new ActionError("bad-input", problems.join("\n"), { hint: "Correct the step's `with:` block." });
}

/** What the step is about: a pipeline to start, or a run to follow. */
export type RunTarget =
  | { readonly kind: "start"; readonly pipeline: PipelineChoice }
  | { readonly kind: "follow"; readonly runId: number; readonly pipelineId: number | undefined };

export type PipelineChoice =
  | { readonly by: "id"; readonly id: number }
  | { readonly by: "name"; readonly folder: string | undefined; readonly name: string };

/** Where the step is at work. */
interface ProjectRef {
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
function resolveTarget(given: GivenInputs, problems: string[]): ProjectAndTarget | undefined {
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
