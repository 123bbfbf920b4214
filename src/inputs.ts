import { compile } from "./core/expression.ts";
import { formProblems, signInWay, type Way } from "./core/sign-in-way.ts";
import { checkOutputName } from "./core/values.ts";
import { ActionError, reasonOf } from "./errors.ts";
import { readValues, type Values } from "./inputs/fields.ts";
import { type Place, type Target, targetOf } from "./inputs/target.ts";

/** What the workflow asked for, whole and without contradictions. */
export interface Inputs extends Omit<Values, "mapOutputs"> {
  readonly place: Place;
  readonly target: Target;
  readonly way: Way;
  readonly mapOutputs: readonly MappedOutput[];
}

export interface MappedOutput {
  readonly name: string;
  readonly valueIn: (document: unknown) => unknown;
}

/** Reads every input before complaining, so that one run of the workflow shows every mistake. */
export async function readInputs(get: (name: string) => string): Promise<Inputs> {
  const problems: string[] = [];
  const values = await readValues(get, problems);
  const where = targetOf(values, problems);
  const way = wayIn(values, problems);
  checkTogether(values, problems);
  const mapOutputs = await compiled(values.mapOutputs ?? {}, problems);
  if (problems.length > 0 || where === undefined || way === undefined) throw mistakes(problems);
  // Every field with a default is there, or its problem was.
  return { ...(values as Values), ...where, way, mapOutputs };
}

function wayIn({ auth, ...values }: Partial<Values>, problems: string[]): Way | undefined {
  // Which way was meant is unknown while `auth` is misspelt, and so is what it needs.
  const choice = auth === undefined ? { problems: formProblems(values) } : signInWay({ ...values, auth });
  if ("way" in choice) return choice.way;
  problems.push(...unnamed(choice.problems, problems));
  return undefined;
}

/** What could not be read is not missing besides. */
function unnamed(more: readonly string[], known: readonly string[]): readonly string[] {
  const nameIn = (problem: string): string => problem.split(":")[0] ?? "";
  const named = new Set(known.map(nameIn));
  return more.filter((problem) => !named.has(nameIn(problem)));
}

function checkTogether(values: Partial<Values>, problems: string[]): void {
  // Names are the same in upper and lower case to the service.
  const open = new Set(Object.keys(values.variables ?? {}).map((name) => name.toLowerCase()));
  for (const name of Object.keys(values.secretVariables ?? {})) {
    if (open.has(name.toLowerCase())) {
      problems.push(`secret-variables: "${name}" is among \`variables\` too`);
    }
  }
  if (values.wait === false) {
    const idle = {
      "outputs-artifact": values.outputsArtifact,
      "download-artifacts": values.downloadArtifacts,
    };
    for (const [name, value] of Object.entries(idle)) {
      if (value !== undefined)
        problems.push(`${name}: needs \`wait: true\`, since artifacts come when the run is completed`);
    }
  }
}

async function compiled(
  mapping: Readonly<Record<string, string>>,
  problems: string[],
): Promise<readonly MappedOutput[]> {
  const outputs: MappedOutput[] = [];
  const taken = new Set<string>();
  for (const [name, expression] of Object.entries(mapping)) {
    try {
      checkOutputName(name);
      if (taken.has(name.toLowerCase()))
        throw new Error("GitHub takes names in upper and lower case for one");
      taken.add(name.toLowerCase());
      outputs.push({ name, valueIn: await compile(expression) });
    } catch (error) {
      problems.push(`map-outputs: ${name}: ${reasonOf(error)}`);
    }
  }
  return outputs;
}

function mistakes(problems: readonly string[]): ActionError {
  return new ActionError("bad-input", problems.join("\n"), { hint: "Correct the step's `with:` block." });
}
