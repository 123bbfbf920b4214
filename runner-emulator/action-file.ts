import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { foldCase } from "./case-insensitive-map.ts";

/** What the runner takes from an action's action.yml. */
interface ActionFile {
  /** Name → default; blank where there is none. */
  readonly inputs: ReadonlyMap<string, string>;
  /** Absolute paths. */
  readonly main: string;
  readonly post: string | undefined;
  readonly postIf: string;
}

interface ActionYaml {
  inputs?: Record<string, { default?: string } | null>;
  runs?: { using?: string; main?: string; post?: string; "post-if"?: string };
}

const parsedFiles = new Map<string, ActionYaml>();

/** Parses the same text once: hundreds of scenarios use the same action.yml. */
function parseOnce(text: string): ActionYaml {
  // The failsafe schema leaves every scalar the text it was written as.
  const parsed = parsedFiles.get(text) ?? (parse(text, { schema: "failsafe" }) as ActionYaml);
  parsedFiles.set(text, parsed);
  return parsed;
}

/** Reads a JavaScript action's action.yml. */
export function readAction(folder: string): ActionFile {
  const { inputs = {}, runs = {} } = parseOnce(readFileSync(join(folder, "action.yml"), "utf8"));
  if (runs.using !== "node24") throw new Error(`action.yml: runs.using is ${runs.using}, not node24`);
  if (runs.main === undefined) throw new Error("action.yml: runs.main is missing");
  return {
    inputs: new Map(Object.entries(inputs).map(([name, input]) => [name, input?.default ?? ""])),
    main: resolve(folder, runs.main),
    post: runs.post === undefined ? undefined : resolve(folder, runs.post),
    postIf: runs["post-if"] ?? "always()",
  };
}

/** The runner's warning about inputs that action.yml does not have; main and post both get it. */
export function unexpectedInputsWarning(
  action: ActionFile,
  given: Readonly<Record<string, string>>,
): string | undefined {
  const known = [...action.inputs.keys()];
  const unexpected = Object.keys(given).filter(
    (name) => !known.some((one) => foldCase(one) === foldCase(name)),
  );
  if (unexpected.length === 0) return undefined;
  return `Unexpected input(s) '${unexpected.join("', '")}', valid inputs are ['${known.join("', '")}']`;
}

/** The INPUT_* variables of a step: what `with:` gives, else the defaults. An unknown input is a mistake in the test. */
export function inputVariables(
  action: ActionFile,
  given: Readonly<Record<string, string>>,
  { allowUnknown, lookupContext }: { allowUnknown: boolean; lookupContext: ContextLookup },
): Record<string, string> {
  const values = new Map(
    [...action.inputs].map(([name, text]) => [foldCase(name), evaluate(text, lookupContext)]),
  );
  for (const [name, value] of Object.entries(given)) {
    if (!allowUnknown && !values.has(foldCase(name))) {
      throw new Error(`action.yml has no input "${name}"; it has: ${[...action.inputs.keys()].join(", ")}`);
    }
    values.set(foldCase(name), value);
  }
  return Object.fromEntries(
    [...values].map(([name, value]) => [`INPUT_${name.replaceAll(" ", "_")}`, value]),
  );
}

/** Looks up `github.token` and the like; undefined for what the emulator does not know. */
type ContextLookup = (path: string) => string | undefined;

function evaluate(text: string, lookupContext: ContextLookup): string {
  return text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    const value = lookupContext(expression);
    if (value === undefined) throw new Error(`action.yml: the runner emulator cannot evaluate ${expression}`);
    return value;
  });
}
