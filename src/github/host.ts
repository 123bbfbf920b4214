import * as core from "@actions/core";
import type { Host } from "../ports.ts";
import type { Annotation, Line } from "../render/line.ts";
import { harmlessLines, harmlessText } from "./harmless.ts";

interface Surroundings {
  readonly stdout: NodeJS.WriteStream;
  readonly identityToken: Host["identityToken"];
}

/** The job that runs this step: its log, outputs, state, summary and masks. */
export function actionsHost({ stdout, identityToken }: Surroundings): Host {
  return {
    write: (lines) => {
      for (const line of lines) writeLine(line, stdout);
    },
    flush: () => drained(stdout),
    mask: (secret) => {
      if (secret.trim() !== "") core.setSecret(secret);
    },
    output: (name, value) => core.setOutput(name, value),
    remember: (name, value) => core.saveState(name, value),
    recall: (name) => core.getState(name),
    summarize: async (markdown) => {
      await core.summary.addRaw(markdown).write();
    },
    identityToken,
  };
}

/** The one place where text reaches the log: all of it is made harmless here. */
function writeLine(line: Line, stdout: NodeJS.WriteStream): void {
  switch (line.type) {
    case "text":
      for (const text of harmlessLines(line.text)) stdout.write(`${text}\n`);
      return;
    case "debug":
      core.debug(line.text);
      return;
    case "group":
      core.startGroup(harmlessText(line.title));
      return;
    case "end-group":
      core.endGroup();
      return;
    default:
      annotate(line);
  }
}

function annotate({ type, text, title, file, line, column }: Annotation): void {
  const issue = { error: core.error, warning: core.warning, notice: core.notice }[type];
  issue(harmlessLines(text).join("\n"), {
    ...(title !== undefined && { title: harmlessText(title) }),
    ...(file !== undefined && { file }),
    ...(line !== undefined && { startLine: line }),
    ...(column !== undefined && { startColumn: column }),
  });
}

/** Pipes are asynchronous on Windows: without this a long log would pile up in memory. */
async function drained(stdout: NodeJS.WriteStream): Promise<void> {
  if (!stdout.writableNeedDrain) return;
  await new Promise<void>((resolve) => stdout.once("drain", resolve));
}
