import { randomUUID } from "node:crypto";
import { accessSync, appendFileSync, constants, existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Writable } from "node:stream";
import * as core from "@actions/core";
import type { Annotation, LogEntry, RelayedLines } from "../core/log-line.ts";
import { sourcePath } from "../core/source-location.ts";
import { RunnerError, reasonOf } from "../errors.ts";
import { withoutTerminalControl } from "../lib/text.ts";
import type { Runner } from "../ports.ts";
import { createRedactor, isAscii, isPlain, sanitizeLines, sanitizeText } from "./sanitize-log.ts";

interface RunnerOptions {
  /** The checked-out repository's folder. */
  readonly workspace: string;
  /** RUNNER_TEMP */
  readonly temporaryFolder: string;
  readonly stdout: Writable;
  /** Receives errors if GitHub's log is closed. */
  readonly stderr: { write(text: string): unknown };
  readonly getIdToken: Runner["getIdToken"];
  /** Called when the log is closed, which the step would not notice otherwise. */
  readonly onLogClosed: (error: RunnerError) => void;
}

/** The job that runs this step: its log, outputs, state, summary and masks. */
export function createRunner({
  stdout,
  stderr,
  workspace,
  temporaryFolder,
  getIdToken,
  onLogClosed,
}: RunnerOptions): Runner {
  // Two uses of the action may run on one machine at the same time.
  const summaryFile = join(temporaryFolder, `run-azure-pipeline-${randomUUID()}.md`);
  let hasWarnedOfSummaryFile = false;
  const masked = new Set<string>();
  const redactor = createRedactor();
  const counts = new Map<LogEntry["type"], number>();
  let failure: RunnerError | undefined;
  let areFailuresIgnored = false;
  let isLogClosed = false;
  stdout.on("error", (error) => {
    isLogClosed = true;
    failure ??= new RunnerError(`The log could not be written: ${reasonOf(error)}.`, error);
    onLogClosed(failure);
  });
  const writeFile = (variable: CommandFile, writeCommand: () => void) => {
    try {
      checkFile(variable);
      writeCommand();
    } catch (error) {
      const text = `${commandFiles[variable]} could not be written to the runner's file ${variable}: ${reasonOf(error)}.`;
      failure ??= new RunnerError(text, error);
      if (!areFailuresIgnored) throw failure;
    }
  };
  const write = (entries: Iterable<LogEntry>) => {
    const allEntries = [...entries];
    for (const { type } of allEntries) counts.set(type, (counts.get(type) ?? 0) + 1);
    writeEntries(allEntries, { stdout, redact: redactor.redact });
    const errors = isLogClosed ? allEntries.filter(({ type }) => type === "error") : [];
    for (const error of errors) stderr.write(`${redactor.redact(sanitizeText(textOf(error)))}\n`);
  };
  return {
    write,
    flush: () => (isLogClosed ? Promise.resolve() : waitForDrain(stdout)),
    mask: (secret) => {
      if (secret.trim() === "" || masked.has(secret)) return;
      masked.add(secret);
      redactor.add(secret);
      core.setSecret(secret);
    },
    redact: redactor.redact,
    redactRendered: redactor.redactRendered,
    setOutput: (name, value) =>
      writeFile("GITHUB_OUTPUT", () => core.setOutput(name, redactor.redact(value))),
    saveState: (name, value) =>
      writeFile("GITHUB_STATE", () => {
        if (Buffer.byteLength(value) > maxStateBytes) throw new Error(`${name} is too large`);
        core.saveState(name, value);
      }),
    checkFiles: (needsSummary) => {
      const all = ["GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY"] as const;
      for (const variable of needsSummary ? all : all.slice(0, 2)) writeFile(variable, () => undefined);
    },
    failure: () => failure,
    ignoreFailures: () => {
      areFailuresIgnored = true;
    },
    getState: (name) => core.getState(name),
    addSummary: (renderMarkdown) => {
      try {
        addToSummary((limitBytes) => redactor.redactRendered(renderMarkdown(limitBytes)));
      } catch (error) {
        if (!(error instanceof SummaryFullError))
          failure ??= new RunnerError(`The job summary could not be written: ${reasonOf(error)}.`, error);
        write([{ type: "warning", text: `The job summary could not be written: ${reasonOf(error)}` }]);
      }
    },
    writeSummaryFile: (renderMarkdown) => {
      try {
        writeFileSync(summaryFile, redactor.redactRendered(renderMarkdown(commentLimitBytes)));
        return summaryFile;
      } catch (error) {
        if (!hasWarnedOfSummaryFile) {
          write([{ type: "warning", text: `summary-file could not be written: ${reasonOf(error)}` }]);
        }
        hasWarnedOfSummaryFile = true;
        return undefined;
      }
    },
    annotationCount: (type) => counts.get(type) ?? 0,
    repositoryPath: (path) => repositoryPath(path, workspace),
    getIdToken,
  };
}

/** The maximum length of a comment on GitHub. */
const commentLimitBytes = 65_536;

const commandFiles = {
  GITHUB_OUTPUT: "An output",
  GITHUB_STATE: "The state for the post step",
  GITHUB_STEP_SUMMARY: "The job summary",
};

type CommandFile = keyof typeof commandFiles;

/** On Linux, a process cannot be started with a variable of 128 KiB or more, which would affect the post step. */
const maxStateBytes = 100_000;

function checkFile(variable: CommandFile): void {
  const path = process.env[variable] ?? "";
  if (path === "") throw new Error("the variable is not set");
  accessSync(path, constants.W_OK);
}

class SummaryFullError extends Error {}

/** GitHub drops a step's summary of more than 1 MiB completely. Some space is left for other texts. */
const summaryLimitBytes = 1_000 * 1_024;

/** At once, unlike the toolkit, whose promises would start threads at the end of the step. */
function addToSummary(renderMarkdown: (limitBytes: number) => string): void {
  const path = process.env["GITHUB_STEP_SUMMARY"] ?? "";
  if (path === "") throw new Error("GITHUB_STEP_SUMMARY is not set");
  const usedBytes = statSync(path).size;
  const markdown = renderMarkdown(Math.max(0, summaryLimitBytes - usedBytes));
  if (markdown === "" || usedBytes + Buffer.byteLength(markdown) > summaryLimitBytes)
    throw new SummaryFullError("it is full");
  // The existing text may not end with a line end.
  appendFileSync(path, usedBytes === 0 ? markdown : `\n\n${markdown}`);
}

function textOf(entry: LogEntry): string {
  return "text" in entry ? entry.text : "";
}

/** All text for the log is written here, where it is sanitized. */
function writeEntries(entries: Iterable<LogEntry>, { stdout, redact }: LogOutput): void {
  // One write for many lines, since long logs would be slow otherwise.
  let pending = "";
  const writePending = () => {
    if (pending !== "") stdout.write(redact(pending));
    pending = "";
  };
  const addText = (entryText: string) => {
    for (const text of sanitizeLines(entryText)) pending += `${text}\n`;
  };
  for (const entry of entries) {
    if (entry.type === "text") {
      addText(entry.text);
    } else if (entry.type === "lines") {
      const plain = encodePlainLines(entry, redact);
      if (plain === undefined) for (const line of linesOf(entry)) addText(`${entry.prefix}${line}`);
      else {
        writePending();
        stdout.write(plain.text, plain.encoding);
      }
    } else {
      writePending();
      writeCommand(entry, redact);
    }
  }
  writePending();
}

/**
 * Lines that need no sanitizing, as in most logs, with their prefix. In a text of nothing but ASCII, one character of another
 * kind, as the prefix has, would make Node encode each character. `undefined` where a line needs a closer look.
 */
function encodePlainLines(
  { text, lineStart, prefix }: RelayedLines,
  redact: Runner["redact"],
): { readonly text: string; readonly encoding: BufferEncoding } | undefined {
  if (!isPlain(text)) return undefined;
  const encoding = isAscii(text) ? "latin1" : "utf8";
  const encodedPrefix = Buffer.from(prefix).toString(encoding);
  const prefixed = `\n${redact(text)}`.replaceAll(lineStart, `\n${encodedPrefix}`);
  // A CR that is left is a line end of its own.
  return prefixed.includes("\r") ? undefined : { text: prefixed.slice(1, -encodedPrefix.length), encoding };
}

function linesOf({ text, lineStart }: RelayedLines): readonly string[] {
  return `\n${text}`.replaceAll(lineStart, "\n").slice(1, -1).split("\n");
}

interface LogOutput {
  readonly stdout: Writable;
  readonly redact: Runner["redact"];
}

function writeCommand(entry: Exclude<LogEntry, { type: "text" | "lines" }>, redact: Runner["redact"]): void {
  switch (entry.type) {
    case "debug":
      // The runner would hide it anyway; this way it is not in the step's output either.
      if (core.isDebug()) core.debug(redact(entry.text));
      return;
    case "group":
      core.startGroup(redact(sanitizeText(entry.title)));
      return;
    case "end-group":
      core.endGroup();
      return;
    default:
      annotate(entry, redact);
  }
}

function annotate({ type, text, title, file, line, column }: Annotation, redact: Runner["redact"]): void {
  const issueCommand = { error: core.error, warning: core.warning, notice: core.notice }[type];
  // Only the log renders colours; annotations would show them as letters.
  issueCommand(redact(sanitizeLines(withoutTerminalControl(text)).join("\n")), {
    ...(title !== undefined && { title: redact(sanitizeText(withoutTerminalControl(title))) }),
    ...(file !== undefined && { file }),
    ...(line !== undefined && { startLine: line }),
    ...(column !== undefined && { startColumn: column }),
  });
}

function repositoryPath(path: string, workspace: string): string | undefined {
  const relative = sourcePath(path);
  if (workspace === "" || relative === undefined) return undefined;
  return existsSync(join(workspace, relative)) ? relative : undefined;
}

/** Pipes are asynchronous on Windows: without this, a long log would accumulate in memory. */
async function waitForDrain(stdout: Writable): Promise<void> {
  if (!stdout.writableNeedDrain) return;
  const events = ["drain", "error", "close"];
  await new Promise<void>((resolve) => {
    const onEvent = () => {
      for (const event of events) stdout.off(event, onEvent);
      resolve();
    };
    for (const event of events) stdout.on(event, onEvent);
  });
}
