import { describe, expect, it } from "vitest";
import { createOutputs, createSnapshotOutputWriter, setAllOutputs } from "../../src/app/outputs.ts";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import { compile } from "../../src/core/expression.ts";
import type { LogEntry } from "../../src/core/log-line.ts";
import { documentOf } from "../../src/core/run-document.ts";
import { runOf } from "../core/builders.ts";
import { createFakeClock } from "../support/fake-clock.ts";
import { logText } from "./scripted-pipelines.ts";

const documentWith = (news: unknown) => {
  const run = runOf({ status: "inProgress", result: null, finishedAt: null, raw: { news } });
  return documentOf(run, buildRunTree(new Map()), null);
};

/** Records the outputs that are written, with the second of each. */
function outputFile(clock = createFakeClock()) {
  const written: { name: string; value: string; second: number }[] = [];
  const outputs = createOutputs({
    setOutput: (name, value) => void written.push({ name, value, second: clock.now() / 1_000 }),
  });
  const secondsOf = (name: string) => written.filter((one) => one.name === name).map(({ second }) => second);
  return { clock, outputs, written, secondsOf };
}

const mapping = async (name: string, expression: string) => ({ name, evaluate: await compile(expression) });

describe("the outputs of a snapshot", () => {
  it("are written after the first poll, and large ones at growing intervals through an hour of changes", async () => {
    const { clock, outputs, secondsOf } = outputFile();
    const mapOutputs = [await mapping("news", "raw.build.news")];
    const write = createSnapshotOutputWriter(outputs, mapOutputs, clock);
    for (let second = 0; second <= 3_600; second += 10) {
      write(documentWith(second));
      clock.advance(10_000);
    }
    expect(secondsOf("run")).toEqual([0, 30, 90, 210, 450, 930, 1_530, 2_130, 2_730, 3_330]);
    expect(secondsOf("news")).toEqual(secondsOf("run"));
    expect([secondsOf("stages"), secondsOf("status")]).toEqual([[0], [0]]);
  });

  it("are written at once if they change after a long time", () => {
    const { clock, outputs, secondsOf } = outputFile();
    const write = createSnapshotOutputWriter(outputs, [], clock);
    for (let second = 0; second < 600; second += 10) {
      write(documentWith("none"));
      clock.advance(10_000);
    }
    write(documentWith("some"));
    expect(secondsOf("run")).toEqual([0, 600]);
  });

  it("omit what cannot be evaluated yet, without a warning", async () => {
    const { clock, outputs, written } = outputFile();
    const mapOutputs = [await mapping("odd", "length(result)"), await mapping("fine", "status")];
    createSnapshotOutputWriter(outputs, mapOutputs, clock)(documentWith("none"));
    const names = written.map(({ name }) => name);
    expect([names.includes("odd"), names.includes("fine")]).toEqual([false, true]);
  });
});

it("setAllOutputs warns about an output that cannot be evaluated, and sets it to blank", async () => {
  const { outputs, written } = outputFile();
  const lines: LogEntry[] = [];
  const runner = { write: (more: Iterable<LogEntry>) => void lines.push(...more) };
  const inputs = { mapOutputs: [await mapping("odd", "length(result)"), await mapping("fine", "status")] };
  setAllOutputs(documentWith("none"), { inputs, deps: { outputs, runner } });
  expect(written.filter(({ name }) => name === "odd" || name === "fine")).toMatchObject([
    { name: "fine", value: "inProgress" },
    { name: "odd", value: "" },
  ]);
  expect(logText(lines)).toMatch(/^map-outputs: odd could not be evaluated: .+$/);
});
