import { randomUUID } from "node:crypto";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Step } from "./command-processor.ts";
import { splitLines } from "./commands.ts";

/** GITHUB_STEP_SUMMARY, GITHUB_OUTPUT and their like: written by the step, read once its process has ended. */
export interface FileCommands {
  readonly env: Record<string, string>;
  /** The files' text as the step wrote it, to be searched for what should not be there. */
  written(): Record<FileCommand, string>;
  process(step: Step): { summary: string; summaryDropped: boolean };
}

const kinds = ["env", "path", "output", "state", "step_summary"] as const;
type FileCommand = (typeof kinds)[number];

const summaryLimit = 1024 * 1024;

/** Makes a step's file-command files in a folder. */
export function fileCommands(folder: string): FileCommands {
  mkdirSync(folder, { recursive: true });
  const suffix = randomUUID();
  const pathOf = (kind: FileCommand): string => join(folder, `${kind}_${suffix}`);
  for (const kind of kinds) writeFileSync(pathOf(kind), "");
  return {
    env: Object.fromEntries(kinds.map((kind) => [`GITHUB_${kind.toUpperCase()}`, pathOf(kind)])),
    written: () =>
      Object.fromEntries(kinds.map((kind) => [kind, readText(pathOf(kind))])) as Record<FileCommand, string>,
    process: (step) => {
      for (const kind of ["env", "path", "output", "state"] as const) {
        guarded(kind, step, () => apply(kind, readText(pathOf(kind)), step));
      }
      return summaryIn(pathOf("step_summary"), step);
    },
  };
}

function guarded(kind: FileCommand, { log, kept }: Step, process: () => void): void {
  try {
    process();
  } catch (error) {
    log.issue("error", `Unable to process file command '${kind}' successfully.`);
    log.issue("error", error instanceof Error ? error.message : String(error));
    kept.failed = true;
  }
}

function apply(kind: "env" | "path" | "output" | "state", text: string, { log, kept }: Step): void {
  if (kind === "path") {
    kept.paths.push(...splitLines(text).filter((line) => line !== ""));
    return;
  }
  for (const [name, value] of pairsIn(text)) {
    if (kind === "env" && name.toUpperCase() === "NODE_OPTIONS") {
      log.issue("error", `Can't store ${name} output parameter using '$GITHUB_ENV' command.`);
    } else if (kind === "env") {
      kept.env[name] = value;
    } else {
      // The runner refuses a blank name where it stores it.
      if (name === "") throw new Error(`Value cannot be null or empty. (Parameter 'name')`);
      (kind === "output" ? kept.outputs : kept.state).set(name, value);
    }
  }
}

/**
 * `NAME=VALUE` or `NAME<<END`, the value's lines, `END`; whichever mark comes first decides. Only LF ends a line here.
 * What stands before a mistake counts.
 */
function* pairsIn(text: string): Generator<[name: string, value: string]> {
  const lines = text.split("\n");
  const whole = lines.at(-1) === "";
  if (whole) lines.pop();
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    if (line === "") continue;
    const mark = /=|<</.exec(line);
    if (mark === null) throw new Error(`Invalid format '${line}'`);
    const [name, rest] = [line.slice(0, mark.index), line.slice(mark.index + mark[0].length)];
    if (mark[0] === "=") {
      yield [name, rest];
      continue;
    }
    if (name === "" || rest === "") {
      throw new Error(`Invalid format '${line}'. Name must not be empty and delimiter must not be empty`);
    }
    const end = lines.indexOf(rest, index + 1);
    if (end < 0) throw new Error(whole || index === lines.length - 1 ? noDelimiter(rest) : noNewline);
    yield [name, lines.slice(index + 1, end).join("\n")];
    index = end;
  }
}

const noDelimiter = (name: string): string => `Invalid value. Matching delimiter not found '${name}'`;
const noNewline = "Invalid value. EOF marker missing new line.";

function summaryIn(path: string, { log, masker }: Step): { summary: string; summaryDropped: boolean } {
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

/** A file that the step took away counts as empty. */
function readText(path: string): string {
  try {
    return readFileSync(path, "utf8").replace(/^\uFEFF/, "");
  } catch {
    return "";
  }
}
