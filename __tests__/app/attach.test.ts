import { expect, it } from "vitest";
import { attach, type Setting } from "../../src/app/attach.ts";
import { createCourse } from "../../src/app/course.ts";
import type { RunFacts } from "../../src/core/model.ts";
import { ActionError } from "../../src/errors.ts";
import type { Line } from "../../src/render/line.ts";
import { runOf } from "../core/mother.ts";
import { never, textOf } from "./scripted-pipelines.ts";

function attached(run: RunFacts, { pipelineId, raw }: { pipelineId?: number; raw?: unknown } = {}) {
  const lines: Line[] = [];
  const outputs: Record<string, unknown> = {};
  const course = createCourse({ remember: () => undefined });
  const pipelines = {
    build: async () => run,
    run: async () => {
      if (raw === undefined) throw new ActionError("forbidden", "no");
      return { raw };
    },
  };
  const setting = {
    inputs: { place: { organization: { base: "https://x", name: "contoso" }, project: "web" } },
    means: {
      pipelines,
      host: { write: (more: Iterable<Line>) => void lines.push(...more) },
      outputs: { tell: (values: object) => void Object.assign(outputs, values) },
    },
    course,
  } as unknown as Setting;
  const done = attach({ runId: run.id, pipelineId }, setting, never);
  return { done, lines, outputs, course };
}

it("tells which run the step is about, and that it is another's", async () => {
  const { done, lines, outputs, course } = attached(runOf(), { raw: { id: 345 }, pipelineId: 42 });
  expect(await done).toEqual({
    id: 345,
    name: "20261122.3",
    url: runOf().url,
    pipelineName: "deploy",
    source: runOf().source,
    requestedBy: "Example User",
    raw: { id: 345 },
    isOthers: true,
  });
  expect(textOf(lines)).toBe(
    `contoso / web · deploy (42) · main at 4f2c1e9\nFollowing 20261122.3: ${runOf().url}`,
  );
  expect(outputs).toMatchObject({
    "run-id": 345,
    "run-name": "20261122.3",
    status: "completed",
    result: "succeeded",
  });
  expect(course.phase).toEqual({ at: "following", runId: 345, isOurs: false });
});

it("does without the answer of Get Run, and without a pipeline that the service names", async () => {
  expect(await attached(runOf()).done).toMatchObject({ raw: null });
  const nameless = runOf({ pipeline: { id: null, name: null, folder: null } });
  expect(await attached(nameless, { pipelineId: 7, raw: {} }).done).toMatchObject({ id: 345, raw: null });
});

it("refuses a run of another pipeline before it is the step's", async () => {
  const { done, course, outputs } = attached(runOf(), { pipelineId: 43 });
  await expect(done).rejects.toMatchObject({
    code: "bad-input",
    message: "pipeline-id: run 345 is one of pipeline 42, not of 43.",
  });
  expect([course.phase, outputs]).toEqual([{ at: "idle" }, {}]);
});
