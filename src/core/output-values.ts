import { isNestedTooDeeply, parseJsonWithSource } from "../lib/json.ts";

/** The outputs that the action itself writes. Public. GitHub ignores the case of the names. */
export const reservedOutputs = [
  "run-id",
  "run-name",
  "run-url",
  "status",
  "result",
  "commit",
  "queue-seconds",
  "run-seconds",
  "attempt",
  "stages",
  "run",
  "summary-file",
  "final-yaml",
  "error-code",
] as const;

/** Throws if an output of this name could not be written, or would replace one of the action's own. */
export function checkOutputName(name: string): void {
  if (name.trim() === "") throw new Error("the name of an output is blank");
  const quoted = JSON.stringify(name);
  // `=` and `<` would end the name in the runner's file of outputs.
  if (/[\p{Cc}\u2028\u2029=<]/u.test(name) || name !== name.trim()) {
    throw new Error(`${quoted} cannot be the name of an output`);
  }
  if ((reservedOutputs as readonly string[]).includes(name.toLowerCase())) {
    throw new Error(`${quoted} is an output of the action itself; choose another name`);
  }
}

/** The names that differ from an earlier one only in case, which GitHub ignores. */
export function namesInOtherCase(names: readonly string[]): readonly string[] {
  const seen = new Set<string>();
  return names.filter((name) => {
    const key = name.toLowerCase();
    const isKnown = seen.has(key);
    seen.add(key);
    return isKnown;
  });
}

/** Strings as they are, nothing as blank, anything else as JSON. */
export function outputText(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null || value === undefined) return "";
  return JSON.stringify(value) ?? "";
}

type ParseEnv = (text: string) => Readonly<Record<string, string | undefined>>;

/** Reads the one file of an outputs artifact: a JSON object, or `.env` as Node's `util.parseEnv` reads it. */
export function parseArtifactOutputs(
  fileName: string,
  text: string,
  parseEnv: ParseEnv,
): readonly (readonly [string, string])[] {
  const content = text.replace(/^\uFEFF/, "");
  const entries = isJson(fileName, content)
    ? jsonEntries(fileName, content)
    : Object.entries(parseEnv(content));
  return entries.map(([name, value]) => [name, outputText(value)]);
}

function isJson(fileName: string, content: string): boolean {
  if (/\.json$/i.test(fileName)) return true;
  return !/\.env$/i.test(fileName) && content.trimStart().startsWith("{");
}

function jsonEntries(fileName: string, content: string): readonly (readonly [string, unknown])[] {
  const value = parseJsonFile(fileName, content);
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Error(`expected one JSON object in ${JSON.stringify(fileName)}`);
  }
  return Object.entries(value);
}

function parseJsonFile(fileName: string, content: string): unknown {
  if (isNestedTooDeeply(content)) throw new Error(`${JSON.stringify(fileName)} is nested too deeply`);
  try {
    return parseJsonWithSource(content, preserveNumbers);
  } catch (error) {
    // The parser's message quotes the text, which may contain secrets.
    if (!(error instanceof SyntaxError)) throw error;
    throw new Error(`${JSON.stringify(fileName)} is not valid JSON`);
  }
}

// Part of JavaScript since Node 22 and not yet of TypeScript's library.
const { rawJSON } = JSON as typeof JSON & { rawJSON(text: string): unknown };

/** Keeps a version such as 1.10 and a number of twenty digits as they are. */
function preserveNumbers(_name: string, value: unknown, { source }: { readonly source?: string }): unknown {
  return typeof value === "number" && source !== undefined && String(value) !== source
    ? rawJSON(source)
    : value;
}
