import { describe, expect, it } from "vitest";
import { aadstsCodes, withoutTraceDetails } from "../../src/auth/entra-errors.ts";
import { decodeRepository } from "../../src/azure-devops/decode.ts";
import { parseErrorBody } from "../../src/azure-devops/error-body.ts";
import { exitCodeIn, isGenericMessage } from "../../src/core/failures.ts";
import { createLineSplitter } from "../../src/core/line-splitter.ts";
import { sourcePath } from "../../src/core/source-location.ts";
import { isPlain, sanitizeLines } from "../../src/github/sanitize-log.ts";
import { entryPath } from "../../src/lib/paths.ts";
import { retryAfterMs } from "../../src/lib/retry.ts";
import { clip, firstWords, nearMatches, oneLine, printable } from "../../src/lib/text.ts";
import { codeSpan, escapeMarkdown, fencedBlock, link, safeUrl, tableRow } from "../../src/render/markdown.ts";
import { shortRef } from "../../src/render/run-lines.ts";
import { formatLogLine, relayedLines, stripTimestamp, withoutMarker } from "../../src/render/task-log.ts";

/** Functions that process untrusted text. Each must take time proportional to the text's length. */
const functions: Readonly<Record<string, (text: string) => unknown>> = {
  aadstsCodes,
  clip: (text) => clip(text, 100),
  codeSpan,
  createLineSplitter: (text) => createLineSplitter().push(text),
  decodeRepository: (text) => decodeRepository({ type: "GitHub", name: text, url: `https://x/${text}` }),
  entryPath: (text) => {
    try {
      return entryPath(text, true);
    } catch {
      return undefined;
    }
  },
  escapeMarkdown,
  exitCodeIn,
  fencedBlock: (text) => fencedBlock([text]),
  firstWords,
  formatLogLine,
  isGenericMessage,
  isPlain,
  link: (text) => link(text, `https://x/${text}`),
  nearMatches: (text) => nearMatches({ folder: undefined, name: "ci" }, [{ folder: text, name: text }]),
  oneLine,
  parseErrorBody: (text) =>
    parseErrorBody({ status: 400, headers: { "x-tfs-serviceerror": text }, body: text }),
  printable,
  relayedLines,
  retryAfterMs: (text) => retryAfterMs({ "retry-after": text }, 0),
  safeUrl: (text) => safeUrl(`https://x/${text}`),
  sanitizeLines,
  shortRef,
  sourcePath,
  sourcePathBelowTheSources: (text) => sourcePath(`/home/vsts/work/1/s/${text}`),
  stripTimestamp,
  tableRow: (text) => tableRow([text, text]),
  withoutMarker,
  withoutTraceDetails,
};

const units = [
  "a",
  "0",
  " ",
  ".",
  "./",
  "/",
  "//",
  "\\",
  "a/1/",
  "/a/1/s/",
  "/_work/1",
  "-",
  "_",
  "*",
  "`",
  "|",
  "<",
  "<a",
  "<script",
  "&",
  "[",
  "](",
  "!",
  "@",
  "@a",
  "#",
  "#1 ",
  "a/b#",
  "http://",
  "www.",
  "a@",
  ":",
  "::",
  "##[",
  "\u001b",
  "\u001b[",
  "\u001b[0;",
  "\u001b]8;;",
  "\u009b",
  "\r",
  "\n",
  "\r\n",
  "\t",
  "\u200b",
  "\u202e",
  "\ud800",
  "🙂",
  "exit code: ",
  "Trace ID",
  "AADSTS",
  "TF1",
  "%",
  "=",
  "2026-01-01T",
];

const length = 40_000;

/** Limit of CPU time. A quadratic function takes longer. */
const limitMs = 1_000;

describe("hostile text of 40,000 characters", () => {
  it.each(Object.entries(functions))("is processed by %s in less than 1 s", (_, apply) => {
    for (const unit of units) {
      for (const end of ["", "x", "\n"]) {
        const text = unit.repeat(length / unit.length) + end;
        const before = process.cpuUsage();
        apply(text);
        expect([unit, process.cpuUsage(before).user / 1_000 < limitMs]).toEqual([unit, true]);
      }
    }
  });
});
