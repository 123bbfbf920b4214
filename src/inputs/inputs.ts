import { isDefaultCondition } from "../core/condition.ts";
import { type CredentialConfig, parseCredentialConfig, validateSignInInputs } from "../core/credentials.ts";
import type { Expression } from "../core/expression.ts";
import { checkOutputName } from "../core/output-values.ts";
import { ActionError, reasonOf } from "../errors.ts";
import { clip } from "../lib/text.ts";
import { type InputValues, readValues } from "./fields.ts";
import { type ProjectRef, type RunTarget, resolveTarget } from "./run-target.ts";

/** Fields that are combined into `target` or `retryPolicy`, and are read from there. */
type CombinedFields =
  | "findRun"
  | "findWhen"
  | "findTimeoutMs"
  | "ifNotFound"
  | "stagesToStart"
  | "retries"
  | "retryWhen"
  | "mapOutputs";

/** The inputs of the workflow: complete and without contradictions. */
export interface Inputs extends Omit<InputValues, CombinedFields> {
  readonly projectRef: ProjectRef;
  readonly target: RunTarget;
  readonly credentialConfig: CredentialConfig;
  readonly retryPolicy: RetryPolicy;
  readonly mapOutputs: readonly MappedOutput[];
  /** Accepted values that are probably mistakes; each text starts with the name of its input. */
  readonly warnings: readonly string[];
}

/** How often failed stages are retried before the step fails. */
interface RetryPolicy {
  /** 0: never. */
  readonly maxRetries: number;
  /** Retries only while this condition holds; `undefined`: always. */
  readonly when: Expression | undefined;
}

export interface MappedOutput {
  readonly name: string;
  readonly evaluate: Expression;
}

/** Reads every input before it throws, so that one run of the workflow shows every mistake. */
export async function readInputs(get: (name: string) => string): Promise<Inputs> {
  const problems: string[] = [];
  const warnings: string[] = [];
  const values = await readValues(get, { problems, warnings });
  const resolved = resolveTarget(values, problems);
  const credentialConfig = parseCredentials(values, problems);
  if (credentialConfig?.kind === "azure-devops-oauth") {
    warnings.push(
      "auth: `azure-devops-oauth` is deprecated, and Microsoft removes it in 2026; sign in with Microsoft Entra ID instead (for example `github-oidc`)",
    );
  }
  checkCombinations(values, problems);
  const mapOutputs = await compileMappedOutputs(values.mapOutputs ?? {}, problems);
  if (problems.length > 0 || resolved === undefined || credentialConfig === undefined)
    throw inputError(problems);
  // Every field with a default is set, or there was a problem.
  const { findRun, findWhen, findTimeoutMs, ifNotFound, stagesToStart, retries, retryWhen, ...others } =
    values as InputValues;
  const retryPolicy = { maxRetries: retries, when: retryWhen };
  if (retries === 0 && retryWhen !== undefined)
    warnings.push("retry-when: it has no effect, since `retries` is 0.");
  return { ...others, ...resolved, credentialConfig, retryPolicy, mapOutputs, warnings };
}

function parseCredentials(
  { auth, ...values }: Partial<InputValues>,
  problems: string[],
): CredentialConfig | undefined {
  // With an invalid `auth`, the required inputs are unknown.
  const result =
    auth === undefined
      ? { problems: validateSignInInputs(values) }
      : parseCredentialConfig({ ...values, auth });
  if ("config" in result) return result.config;
  problems.push(...problemsOfOtherInputs(result.problems, problems));
  return undefined;
}

/** Drops problems about inputs that could not be read: they are not missing as well. */
function problemsOfOtherInputs(
  problems: readonly string[],
  knownProblems: readonly string[],
): readonly string[] {
  const inputName = (problem: string): string => problem.split(":")[0] ?? "";
  const knownNames = new Set(knownProblems.map(inputName));
  return problems.filter((problem) => !knownNames.has(inputName(problem)));
}

function checkCombinations(values: Partial<InputValues>, problems: string[]): void {
  // Names are case-insensitive in the service.
  const variableNames = new Set(Object.keys(values.variables ?? {}).map((name) => name.toLowerCase()));
  for (const name of Object.keys(values.secretVariables ?? {})) {
    if (variableNames.has(name.toLowerCase())) {
      problems.push(`secret-variables: "${name}" is also in \`variables\``);
    }
  }
  const hasDefaultStopWhen = values.stopWhen === undefined || isDefaultCondition(values.stopWhen);
  // An invalid `stop-when` is one of the user's own.
  if (values.onStop === "cancel" && hasDefaultStopWhen && !hasProblem(problems, "stop-when"))
    problems.push("on-stop: `cancel` needs a `stop-when` that ends the wait before the run is completed");
  if (values.wait === false) problems.push(...inputsAboutTheWait(values));
}

/** Inputs that need a wait: with `wait: false` the step returns before they could apply. */
function inputsAboutTheWait(values: Partial<InputValues>): readonly string[] {
  const unlessDefault = (condition: Expression | undefined) =>
    condition === undefined || isDefaultCondition(condition) ? undefined : condition;
  const inputs: Readonly<Record<string, unknown>> = {
    "stop-when": unlessDefault(values.stopWhen),
    "success-when": unlessDefault(values.successWhen),
    "on-stop": values.onStop === "leave" ? undefined : values.onStop,
    "queue-timeout": values.queueTimeoutMs,
    retries: values.retries === 0 ? undefined : values.retries,
    "retry-when": values.retryWhen,
    "outputs-artifact": values.outputsArtifact,
    "download-artifacts": values.downloadArtifacts,
  };
  return Object.entries(inputs).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: needs \`wait: true\`, since the step does not wait for the run`],
  );
}

function hasProblem(problems: readonly string[], name: string): boolean {
  return problems.some((problem) => problem.startsWith(`${name}:`));
}

async function compileMappedOutputs(
  mapping: Readonly<Record<string, string>>,
  problems: string[],
): Promise<readonly MappedOutput[]> {
  if (Object.keys(mapping).length === 0) return [];
  const { compile } = await import("../core/own-condition.ts");
  const outputs: MappedOutput[] = [];
  const usedNames = new Set<string>();
  for (const [name, expression] of Object.entries(mapping)) {
    try {
      checkOutputName(name);
      if (usedNames.has(name.toLowerCase()))
        throw new Error("GitHub ignores the case of output names, and this one is used twice");
      usedNames.add(name.toLowerCase());
      outputs.push({ name, evaluate: await compile(expression) });
    } catch (error) {
      problems.push(`map-outputs: ${name}: ${reasonOf(error)}`);
    }
  }
  return outputs;
}

/** A long value must not displace the other problems: GitHub truncates an annotation at 4,096 characters. */
const maxProblemLength = 1_000;

function inputError(problems: readonly string[]): ActionError {
  const message = problems.map((problem) => clip(problem, maxProblemLength)).join("\n");
  return new ActionError("bad-input", message, { hint: "Correct the step's `with:` block." });
}
