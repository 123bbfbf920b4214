import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import * as core from "@actions/core";
import { sourcePath } from "../core/source-path.ts";
import { reasonOf } from "../errors.ts";
import type { Host } from "../ports.ts";
import type { Annotation, Line } from "../render/line.ts";
import { harmlessLines, harmlessText } from "./harmless.ts";
import { createSecrets } from "./secrets.ts";

interface Surroundings {
  /** The checked-out repository's folder. */
  readonly workspace: string;
  readonly stdout: NodeJS.WriteStream;
  readonly identityToken: Host["identityToken"];
}

/** The job that runs this step: its log, outputs, state, summary and masks. */
export function actionsHost({ stdout, workspace, identityToken }: Surroundings): Host {
  const masked = new Set<string>();
  const secrets = createSecrets();
  let warned = 0;
  const write = (lines: Iterable<Line>) => {
    const all = [...lines];
    warned += all.filter(({ type }) => type === "warning").length;
    writeLines(all, { stdout, hide: secrets.hide });
  };
  return {
    write,
    flush: () => drained(stdout),
    mask: (secret) => {
      if (secret.trim() === "" || masked.has(secret)) return;
      masked.add(secret);
      secrets.add(secret);
      core.setSecret(secret);
    },
    hide: secrets.hide,
    output: (name, value) => core.setOutput(name, secrets.hide(value)),
    remember: (name, value) => core.saveState(name, value),
    recall: (name) => core.getState(name),
    summarize: async (markdownWithin) => {
      try {
        await addToSummary((bytes) => secrets.hide(markdownWithin(bytes)));
      } catch (error) {
        // The toolkit would add to the next one what it could not write.
        core.summary.emptyBuffer();
        write([{ type: "warning", text: `The job summary could not be written: ${reasonOf(error)}` }]);
      }
    },
    warnings: () => warned,
    repositoryPath: (path) => repositoryPath(path, workspace),
    identityToken,
  };
}

/** GitHub drops a step's summary of more than 1 MiB, whole. A little is left for whoever adds to it. */
const mostSummary = 1_000 * 1_024;

async function addToSummary(markdownWithin: (bytes: number) => string): Promise<void> {
  const path = process.env["GITHUB_STEP_SUMMARY"] ?? "";
  const used = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const markdown = markdownWithin(Math.max(0, mostSummary - used));
  if (markdown === "" || used + Buffer.byteLength(markdown) > mostSummary) throw new Error("it is full");
  // What another wrote before need not end with its line.
  await core.summary.addRaw(used === 0 ? markdown : `\n\n${markdown}`).write();
}

/** The one place where text reaches the log: all of it is made harmless here. */
function writeLines(lines: Iterable<Line>, { stdout, hide }: Paper): void {
  // One write for many lines: a long log is relayed at the pace of its bytes, not of its lines.
  let texts = "";
  const put = () => {
    if (texts !== "") stdout.write(hide(texts));
    texts = "";
  };
  for (const line of lines) {
    if (line.type === "text") {
      for (const text of harmlessLines(line.text)) texts += `${text}\n`;
      continue;
    }
    put();
    writeCommand(line, hide);
  }
  put();
}

interface Paper {
  readonly stdout: NodeJS.WriteStream;
  readonly hide: Host["hide"];
}

function writeCommand(line: Exclude<Line, { type: "text" }>, hide: Host["hide"]): void {
  switch (line.type) {
    case "debug":
      // The runner would hide it anyway; so nothing that reads this step's output can find a stack trace either.
      if (core.isDebug()) core.debug(hide(line.text));
      return;
    case "group":
      core.startGroup(hide(harmlessText(line.title)));
      return;
    case "end-group":
      core.endGroup();
      return;
    default:
      annotate(line, hide);
  }
}

function annotate({ type, text, title, file, line, column }: Annotation, hide: Host["hide"]): void {
  const issue = { error: core.error, warning: core.warning, notice: core.notice }[type];
  issue(hide(harmlessLines(text).join("\n")), {
    ...(title !== undefined && { title: hide(harmlessText(title)) }),
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

/** Pipes are asynchronous on Windows: without this a long log would pile up in memory. */
async function drained(stdout: NodeJS.WriteStream): Promise<void> {
  if (!stdout.writableNeedDrain) return;
  await new Promise<void>((resolve) => stdout.once("drain", resolve));
}
