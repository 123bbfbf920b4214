import { describe, expect, it } from "vitest";
import type { StepResult } from "../../runner-emulator/runner.ts";
import { runFakeAction } from "./fake-action.ts";

describe("the result of an emulated step", () => {
  it("has the outputs, state, environment and summary from the step's files", async () => {
    const main = `
      append("OUTPUT", "a=1=2\\nb<<END\\n x\\n\\ny\\r\\nEND\\nempty=\\n");
      append("STATE", "run=7\\nlist<<==\\n==\\n");
      append("ENV", "LATER=yes\\nNODE_OPTIONS=--bad\\n");
      append("PATH", "/first\\n/second\\n");
      append("STEP_SUMMARY", "# Done");`;
    const post = "say(env.STATE_run, env.LATER, env.PATH); append('STEP_SUMMARY', '')";
    const result = await runFakeAction({ main, post });
    expect(result.main).toMatchObject({
      result: "success",
      exitCode: 0,
      outputs: { a: "1=2", b: " x\n\ny\r", empty: "" },
      state: { run: "7", list: "" },
      env: { LATER: "yes" },
      summary: "# Done\n",
      summaryDropped: false,
    });
    expect(result.post?.log).toMatch(/^7\nyes\n\/second:\/first:/);
  });

  it.each([
    ["a<<END\nx\n", "Matching delimiter not found 'END'"],
    ["a<<END\nx", "EOF marker missing new line"],
    ["a<<END", "Matching delimiter not found 'END'"],
    ["<<END\nEND\n", "Name must not be empty"],
    ["nothing\n", "Invalid format 'nothing'"],
    ["=x\n", "Value cannot be null or empty"],
  ])("is failure if the output file contains %j: %s", async (text, message) => {
    const { main } = await runFakeAction({ main: `append("OUTPUT", ${JSON.stringify(`good=1\n${text}`)})` });
    expect(main).toMatchObject({ result: "failure", exitCode: 0, outputs: { good: "1" } });
    expect(main.log).toContain("##[error]Unable to process file command 'output' successfully.");
    expect(main.log).toContain(message);
  });

  it("is failure if an environment variable has no name", async () => {
    const { main } = await runFakeAction({ main: 'append("ENV", "A=1\\n=x\\nB=2\\n")' });
    expect(main).toMatchObject({ result: "failure", exitCode: 0, env: { A: "1" } });
    expect(main.log).toContain("##[error]Unable to process file command 'env' successfully.");
  });

  it("has an output under its first spelling with its last value", async () => {
    const { main } = await runFakeAction({ main: 'append("OUTPUT", "Tag=1\\nTAG=2\\n")' });
    expect(main.outputs).toEqual({ Tag: "2" });
  });

  it("lacks a summary above 1 MiB, and is still success", async () => {
    const main = (size: number) => `append("STEP_SUMMARY", "x".repeat(${size}))`;
    const [fits, over] = await Promise.all([
      runFakeAction({ main: main(1024 * 1024) }),
      runFakeAction({ main: main(1024 * 1024 + 1) }),
    ]);
    expect(fits.main.summary).toHaveLength(1024 * 1024 + 1);
    expect(over.main).toMatchObject({ result: "success", summary: "", summaryDropped: true });
    expect(over.main.annotations[0]?.message).toContain("got 1024k");
  });

  it("is masked, and lists the outputs dropped because they contain a secret", async () => {
    const main = `
      say("::add-mask::pass word", "::add-mask::one%0A  two  %0A", "see pass word, two, pat-1234");
      say(Buffer.from("pass word").toString("base64"), encodeURIComponent("pass word"), "::error::pass word");
      append("OUTPUT", "url=https://x/?p=pass word\\nid=7\\n");
      append("STEP_SUMMARY", "pass word");`;
    const { main: ran } = await runFakeAction({ main }, { secrets: ["pat-1234"] });
    expect(ran.log).toBe("see ***, ***, ***\n***\n***\n##[error]***\n");
    expect(ran).toMatchObject({
      masks: ["pass word", "one\n  two  \n"],
      outputs: { id: "7" },
      droppedOutputs: ["url"],
      summary: "***\n",
      annotations: [{ level: "error", message: "***" }],
    });
    expect(ran.raw).toContain("see pass word");
  });
});

describe("workflow commands in a step's output", () => {
  const lines = async (...text: string[]): Promise<StepResult> =>
    (await runFakeAction({ main: `say(${text.map((line) => JSON.stringify(line)).join(",")})` })).main;

  it("appear in the log and as annotations as on GitHub", async () => {
    const ran = await lines(
      "::group::A%0AB",
      "2026-01-01 ##[warning]w",
      "::endgroup::",
      "::debug::no",
      "::notice title=T,file=a.ts,line=3::n",
    );
    expect(ran.log).toBe("##[group]A\nB\n##[warning]w\n##[endgroup]\n##[notice]n\n");
    expect(ran.annotations).toEqual([
      { level: "warning", message: "w" },
      { level: "notice", message: "n", title: "T", file: "a.ts", line: 3 },
    ]);
  });

  it("make at most ten annotations per level, of 4096 characters each", async () => {
    const many = Array.from({ length: 12 }, (_, index) => `::error::${index}`);
    const ran = await lines(...many, `::warning::${"x".repeat(5000)}`);
    expect(ran.annotations.map(({ message }) => message.length)).toEqual([...Array(10).fill(1), 4096]);
    expect(ran.log).toContain("##[error]11");
  });

  it.each([
    "##[set-env name=PATH;]/evil",
    "::add-path::/evil",
    "##[add-matcher]gone.json",
    "::set-output::x",
  ])("fail the step: %s", async (line) => {
    expect(await lines(line)).toMatchObject({ exitCode: 0, result: "failure", env: {}, paths: [] });
  });

  it("set outputs and state: set-output, save-state", async () => {
    const ran = await lines("::set-output name=a::1", "x ##[save-state name=b]2");
    expect(ran).toMatchObject({ result: "success", outputs: { a: "1" }, state: { b: "2" } });
    expect(ran.annotations).toEqual([]);
  });

  it.each(["", "pause-logging", "Error"])("end the step if the stop token is %j", async (token) => {
    const main = `say("before", "::stop-commands::${token}", "after"); stay();`;
    const { main: ran, post } = await runFakeAction({ main, post: 'say("post")' });
    expect(ran).toMatchObject({ exitCode: null, result: "failure" });
    expect(ran.log).toMatch(/^before\n##\[error\]You cannot use a endToken .*\n$/);
    expect(post?.log).toBe("post\n");
  });

  it("make no annotation if their message is empty", async () => {
    const ran = await lines("::error::", "::warning title=T::", "::notice::");
    expect([ran.annotations, ran.log]).toEqual([[], ""]);
  });

  it("are ignored after stop-commands until the exact token", async () => {
    const ran = await lines(
      "::stop-commands::tok",
      "::error::x",
      "##[set-env name=A]b",
      "::other::",
      "::TOK::",
      "::error::y",
    );
    expect(ran.log).toBe(
      "::stop-commands::tok\n::error::x\n##[set-env name=A]b\n::other::\n::TOK::\n##[error]y\n",
    );
    expect(ran).toMatchObject({ result: "success", annotations: [{ message: "y" }] });
  });

  it("are echoed after `::echo::on`, except those that GitHub never echoes", async () => {
    const ran = await lines("::echo::on", "::group::g", "::notice::n", "::add-mask::secret", "::echo::maybe");
    expect(ran.log).toMatch(
      /^::group::g\n##\[group\]g\n##\[notice\]n\n::add-mask::\*\*\*\n::echo::maybe\n##\[error\]/,
    );
    expect(ran.result).toBe("failure");
  });

  it("are also read from stderr, and from a last line without a line break", async () => {
    const { main } = await runFakeAction({ main: 'process.stderr.write("foo\\r::error::é")' });
    expect(main.log).toBe("foo\n##[error]é\n");
  });

  it("are read after a byte order mark only at the start of the output", async () => {
    const ran = await lines("\ufeff::error::x", "\ufeff::error::y");
    expect(ran.log).toBe("##[error]x\n\ufeff::error::y\n");
  });

  it("print debug lines if debug logging is on", async () => {
    const { main } = await runFakeAction({ main: 'say("::debug::a%0Ab")' }, { debug: true });
    expect(main.log).toBe("##[debug]a\n##[debug]b\n");
  });
});
