import { compile } from "./core/expression.ts";
import { type CredentialConfig, parseCredentialConfig, validateSignInInputs } from "./core/sign-in-way.ts";
import { checkOutputName } from "./core/values.ts";
import { ActionError, reasonOf } from "./errors.ts";
import { type InputValues, readValues } from "./inputs/fields.ts";
import { type ProjectRef, type RunTarget, resolveTarget } from "./inputs/target.ts";

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
