import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatLogLine, relayedLines } from "../../src/render/task-log.ts";

const stamp = "2026-08-12T07:56:51.3267511Z ";

const paint = (code: number, text: string) => ` │ \u001B[${code}m${text}\u001B[0m`;

describe("formatLogLine", () => {
  it.each([
    [`${stamp}hello`, " │ hello"],
    [`\uFEFF${stamp}hello`, " │ hello"],
    ["a continuation", " │ a continuation"],
    [stamp, " │ "],
    [stamp.trim(), " │ "],
    ["2026-08-12T07:56:51Z no digits", " │ no digits"],
    ["2026-08-12T07:56:51.12345678901Z eleven digits", " │ 2026-08-12T07:56:51.12345678901Z eleven digits"],
    ["2026-08-12 said T somewhere Z", " │ 2026-08-12 said T somewhere Z"],
    [`${stamp}${stamp}twice`, ` │ ${stamp}twice`],
    [`${stamp}##[error]bad`, paint(31, "bad")],
    [`${stamp}##[warning]hm`, paint(33, "hm")],
    [`${stamp}##[section]Starting: x`, paint(32, "Starting: x")],
    [`${stamp}##[command]git`, paint(36, "git")],
    [`${stamp}[command]git`, paint(36, "git")],
    [`${stamp}##[debug]d`, paint(35, "d")],
    [`${stamp}##[group]g`, paint(1, "▸ g")],
    [`${stamp}##[endgroup]`, " │ "],
    [`${stamp}[error] by the tool itself`, " │ [error] by the tool itself"],
    [`${stamp}##[other]x`, " │ ##[other]x"],
    [`${stamp}10%\r20%\r`, " │ 10% 20%"],
    [`${stamp}\u001B[32mok`, " │ \u001B[32mok\u001B[0m"],
  ])("formats %j as %j", (raw, line) => {
    expect(formatLogLine(raw)).toBe(line);
  });
});

it("relayedLines formats many lines like each of them", () => {
  const part = fc.constantFrom(
    stamp,
    "2026-08-12T07:56:51Z",
    "\uFEFF",
    "##[error]",
    "##[group]",
    "[command]",
    "[Command]",
    "[error]",
    "\u001B[32m",
    "a",
    " ",
    "é",
  );
  const line = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 3 }),
      fc.constantFrom("\n", "\r\n"),
      (raw, lineEnd) => {
        const { text, lineStart, prefix } = relayedLines(raw.map((one) => `${one}${lineEnd}`).join(""));
        const relayed = `\n${text}`.replaceAll(lineStart, `\n${prefix}`);
        expect(relayed).toBe(`\n${raw.map((one) => `${formatLogLine(one)}\n`).join("")}${prefix}`);
      },
    ),
    { numRuns: 500 },
  );
});
