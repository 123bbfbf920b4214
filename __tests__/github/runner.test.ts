import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { mayBeCommand, parseCommand, splitLines } from "../../runner-emulator/commands.ts";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import type { LogEntry } from "../../src/core/log-line.ts";
import { createRunner } from "../../src/github/runner.ts";

/** Captures what the runner prints, by itself and through `@actions/core`. */
function captureOutput() {
  let printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  const stdout = new Writable({
    write: (chunk, _encoding, done) => {
      printed += String(chunk);
      done();
    },
  });
  const workspace = temporaryFolder();
  const runner = createRunner({
    temporaryFolder: tmpdir(),
    stdout,
    stderr: process.stderr,
    workspace,
    getIdToken: () => Promise.reject(new Error("none here")),
    onLogClosed: () => undefined,
  });
  return { runner, workspace, printed: () => printed };
}

const commandsIn = (text: string) =>
  splitLines(text).flatMap((line) => {
    const command = parseCommand(line);
    return command === undefined ? [] : [[command.command, command.data]];
  });

describe("the job's log", () => {
  beforeEach(() => vi.stubEnv("RUNNER_DEBUG", ""));
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  it("shows text, groups and annotations, and executes no command in their texts", () => {
    const { runner, printed } = captureOutput();
    const hostile = "::set-output name=a::b\n##[add-mask]x\r::stop-commands::y";
    const lines: LogEntry[] = [
      { type: "text", text: `one\n${hostile}` },
      { type: "group", title: hostile },
      { type: "text", text: "inside" },
      { type: "end-group" },
      { type: "error", text: hostile, title: hostile, file: "a,b::c.js", line: 7, column: 2 },
      { type: "warning", text: "careful" },
      { type: "notice", text: "by the way" },
    ];
    runner.write(lines);
    expect(commandsIn(printed()).map(([name]) => name)).toEqual([
      "group",
      "endgroup",
      "error",
      "warning",
      "notice",
    ]);
    const error = parseCommand(splitLines(printed()).find((line) => line.startsWith("::error")) ?? "");
    expect(error?.properties).toMatchObject({ file: "a,b::c.js", line: "7", col: "2" });
    for (const line of splitLines(error?.data ?? "")) expect(mayBeCommand(line)).toBe(false);
    expect(splitLines(printed())[0]).toBe("one");
  });

  it("shows relayed lines as texts that begin with their prefix, whatever is in them", () => {
    const part = fc.constantFrom(
      "a",
      " ",
      "\t",
      "::",
      "##[",
      "é",
      "│",
      "\u001B[1m",
      "\u001B[0m",
      "\u001B",
      "\u0085",
      "\u200B",
      "\ud800",
      "secret-1",
    );
    const line = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(""));
    const { runner, printed } = captureOutput();
    runner.mask("secret-1");
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 4 }), (lines) => {
        const [prefix, start] = [" │ ", printed().length];
        runner.write(lines.map((text) => ({ type: "text", text: `${prefix}${text}` })));
        const texts = printed().slice(start);
        const text = lines.map((line) => `${line}\r\n`).join("");
        runner.write([{ type: "lines", text, lineStart: /\r?\n/g, prefix }]);
        expect(printed().slice(start + texts.length)).toBe(texts);
      }),
      { numRuns: 500 },
    );
  });

  it("keeps the order of text and relayed lines", () => {
    const { runner, printed } = captureOutput();
    runner.write([
      { type: "text", text: "a" },
      { type: "lines", text: "b\nc\n", lineStart: /\n/g, prefix: "> " },
      { type: "lines", text: "é\n", lineStart: /\n/g, prefix: "> " },
      { type: "text", text: "d" },
    ]);
    expect(printed()).toBe("a\n> b\n> c\n> é\nd\n");
  });

  it("keeps the order of text and annotations", () => {
    const { runner, printed } = captureOutput();
    runner.write([
      { type: "text", text: "a" },
      { type: "warning", text: "b" },
      { type: "text", text: "c" },
      { type: "text", text: "d" },
    ]);
    expect(splitLines(printed())).toEqual(["a", "::warning::b", "c", "d"]);
  });

  it("shows debug lines only if debug logging is on", () => {
    const { runner, printed } = captureOutput();
    runner.write([{ type: "debug", text: "stack" }]);
    expect(printed()).toBe("");
    vi.stubEnv("RUNNER_DEBUG", "1");
    runner.write([{ type: "debug", text: "stack" }]);
    expect(commandsIn(printed())).toEqual([["debug", "stack"]]);
  });

  it("masks secrets, but not blank ones", () => {
    const { runner, printed } = captureOutput();
    for (const secret of ["", "  ", "\n", "sesame"]) runner.mask(secret);
    expect(commandsIn(printed())).toEqual([["add-mask", "sesame"]]);
  });
});

describe("the job's files", () => {
  beforeEach(() => {
    const folder = temporaryFolder();
    for (const name of ["OUTPUT", "STATE"]) {
      writeFileSync(join(folder, name), "");
      vi.stubEnv(`GITHUB_${name}`, join(folder, name));
    }
  });
  afterEach(() => vi.unstubAllEnvs());

  it("contain outputs and state with any text", () => {
    const { runner } = captureOutput();
    vi.restoreAllMocks();
    runner.setOutput("run", '{"a":"b\nc<<d"}');
    runner.saveState("phase", "x=y");
    expect(readFileSync(process.env["GITHUB_OUTPUT"] ?? "", "utf8")).toMatch(
      /^run<<(ghadelimiter_\S+)\r?\n\{"a":"b\nc<<d"\}\r?\n\1\r?\n$/,
    );
    vi.stubEnv("STATE_phase", "kept");
    expect([runner.getState("phase"), runner.getState("other")]).toEqual(["kept", ""]);
  });
});

describe("the job's summary", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllEnvs();
  });

  it("causes only a warning if the runner provides none", () => {
    vi.stubEnv("GITHUB_STEP_SUMMARY", "");
    const { runner, printed } = captureOutput();
    runner.addSummary(() => "# Waiting for a sign-in");
    expect(commandsIn(printed())).toEqual([
      ["warning", expect.stringMatching(/^The job summary could not be written: .*GITHUB_STEP_SUMMARY/)],
    ]);
  });

  const file = join(temporaryFolder(), "summary.md");

  function withExistingSummary(before: string) {
    const { runner } = captureOutput();
    writeFileSync(file, before);
    vi.stubEnv("GITHUB_STEP_SUMMARY", file);
    return { runner, text: () => readFileSync(file, "utf8") };
  }

  it("starts on a new line after existing text", () => {
    for (const [before, after] of [
      ["", "## a\n"],
      ["no newline", "no newline\n\n## a\n"],
    ] as const) {
      const { runner, text } = withExistingSummary(before);
      runner.addSummary(() => "## a\n");
      expect(text()).toBe(after);
    }
  });

  it("is limited to the bytes that are left, with a warning if they are too few", () => {
    const { runner, text } = withExistingSummary("x".repeat(1_000_000));
    const limits: number[] = [];
    runner.addSummary((bytes) => {
      limits.push(bytes);
      return "é".repeat(bytes / 2);
    });
    expect(Buffer.byteLength(text())).toBeLessThanOrEqual(1_024 * 1_024);
    expect(limits).toEqual([24_000]);
    expect(runner.annotationCount("warning")).toBe(0);
    for (const markdown of ["## more", ""]) runner.addSummary(() => markdown);
    expect(runner.annotationCount("warning")).toBe(2);
  });
});

it("the runner counts the warnings and errors that it wrote", () => {
  const { runner } = captureOutput();
  runner.write([
    { type: "warning", text: "one" },
    { type: "error", text: "none" },
  ]);
  runner.write([{ type: "warning", text: "two" }]);
  vi.restoreAllMocks();
  expect([runner.annotationCount("warning"), runner.annotationCount("error")]).toEqual([2, 1]);
});

describe("repositoryPath", () => {
  it("returns a path that exists in the workspace, also for a path on the agent", () => {
    const { runner, workspace } = captureOutput();
    vi.restoreAllMocks();
    mkdirSync(join(workspace, "src"));
    writeFileSync(join(workspace, "src/a.ts"), "");
    for (const path of [
      "src/a.ts",
      "./src/a.ts",
      "src\\a.ts",
      "/home/vsts/work/1/s/src/a.ts",
      "D:\\a\\1\\s\\src\\a.ts",
    ]) {
      expect(runner.repositoryPath(path)).toBe("src/a.ts");
    }
    for (const path of ["src/b.ts", "../x", "/etc/passwd", "C:\\windows", "src/../../x"]) {
      expect(runner.repositoryPath(path)).toBeUndefined();
    }
  });
});
