import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StepContext } from "./command-handlers.ts";
import { splitLines } from "./commands.ts";

/** GITHUB_STEP_SUMMARY, GITHUB_OUTPUT and their like: written by the step, read once its process has ended. */
export interface FileCommands {
  readonly env: Record<string, string>;
  /** The files' text as the step wrote it, for tests that search it for secrets. */
  contents(): Record<FileCommand, string>;
  process(step: StepContext): { summary: string; summaryDropped: boolean };
}

/** The prefixes of the files' names. What is written to the last two has no effect without a feature flag. */
const prefixes = {
  env: "set_env_",
  path: "add_path_",
  output: "set_output_",
  state: "save_state_",
  step_summary: "step_summary_",
  artifacts: "artifacts_",
  artifacts_list: "artifacts_list_",
} as const;

export type FileCommand = keyof typeof prefixes;

const kinds = Object.keys(prefixes) as FileCommand[];

const summaryLimit = 1024 * 1024;

/** Makes a step's file-command files in a folder. */
export function createFileCommands(folder: string): FileCommands {
  mkdirSync(folder, { recursive: true });
  const suffix = randomUUID();
  const pathOf = (kind: FileCommand): string => join(folder, `${prefixes[kind]}${suffix}`);
  for (const kind of kinds) writeFileSync(pathOf(kind), "");
  return {
    env: Object.fromEntries(kinds.map((kind) => [`GITHUB_${kind.toUpperCase()}`, pathOf(kind)])),
    contents: () =>
      Object.fromEntries(kinds.map((kind) => [kind, readText(pathOf(kind))])) as Record<FileCommand, string>,
    process: (step) => {
      for (const kind of ["env", "path", "output", "state"] as const) {
        processGuarded(kind, step, () => applyFileCommand(kind, readText(pathOf(kind)), step));
      }
      return readSummary(pathOf("step_summary"), step);
    },
  };
}

function processGuarded(kind: FileCommand, { log, effects }: StepContext, process: () => void): void {
  try {
    process();
  } catch (error) {
    log.issue("error", `Unable to process file command '${kind}' successfully.`);
    log.issue("error", error instanceof Error ? error.message : String(error));
    effects.failed = true;
  }
}

function applyFileCommand(
  kind: "env" | "path" | "output" | "state",
  text: string,
  { log, effects }: StepContext,
): void {
  if (kind === "path") {
    effects.paths.push(...splitLines(text).filter((line) => line !== ""));
    return;
  }
  for (const [name, value] of parsePairs(text)) {
    // The runner refuses a blank name where it stores it.
    if (name === "") throw new Error("Value cannot be null or empty. (Parameter 'name')");
    if (kind === "env" && name.toUpperCase() === "NODE_OPTIONS") {
      log.issue("error", `Can't store ${name} output parameter using '$GITHUB_ENV' command.`);
    } else if (kind === "env") {
      effects.env[name] = value;
    } else {
      (kind === "output" ? effects.outputs : effects.state).set(name, value);
    }
  }
}

/**
 * `NAME=VALUE` or `NAME<<END`, the value's lines, `END`; whichever mark comes first decides. Only LF ends a line here.
 * Pairs before a mistake count.
 */
function* parsePairs(text: string): Generator<[name: string, value: string]> {
  const lines = text.split("\n");
  const endsWithNewline = lines.at(-1) === "";
  if (endsWithNewline) lines.pop();
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    if (line === "") continue;
    const separator = /=|<</.exec(line);
    if (separator === null) throw new Error(`Invalid format '${line}'`);
    const [name, rest] = [line.slice(0, separator.index), line.slice(separator.index + separator[0].length)];
    if (separator[0] === "=") {
      yield [name, rest];
      continue;
    }
    if (name === "" || rest === "") {
      throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`);
    }
    const end = lines.indexOf(rest, index + 1);
    if (end < 0)
      throw new Error(
        endsWithNewline || index === lines.length - 1 ? missingDelimiterMessage(rest) : missingNewlineMessage,
      );
    yield [name, lines.slice(index + 1, end).join("\n")];
    index = end;
  }
}

const missingDelimiterMessage = (name: string): string =>
  `Invalid value. Matching delimiter not found '${name}'`;

const missingNewlineMessage = "Invalid value. EOF marker missing new line.";

function readSummary(
  path: string,
  { log, masker }: StepContext,
): { summary: string; summaryDropped: boolean } {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > summaryLimit) {
    const [limit, got] = [summaryLimit, size].map((bytes) => Math.floor(bytes / 1024));
    log.issue(
      "error",
      `$GITHUB_STEP_SUMMARY upload aborted, supports content up to a size of ${limit}k, got ${got}k.`,
    );
    return { summary: "", summaryDropped: true };
  }
  const lines = splitLines(readText(path)).map((line) => `${masker.mask(line)}\n`);
  return { summary: lines.join(""), summaryDropped: false };
}

/** A file that the step has removed counts as empty. */
function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch {
    return "";
  }
}
