import { expect, it } from "vitest";
import { type AttachContext, attachToRun } from "../../src/app/attach-run.ts";
import { createStepState } from "../../src/app/step-state.ts";
import type { LogEntry } from "../../src/core/log-line.ts";
import type { RunFacts } from "../../src/core/model.ts";
import { ActionError } from "../../src/errors.ts";
import { runOf } from "../core/builders.ts";
import { logText, neverAborted } from "./scripted-pipelines.ts";

function attached(run: RunFacts, { pipelineId, raw }: { pipelineId?: number; raw?: unknown } = {}) {
  const lines: LogEntry[] = [];
  const outputs: Record<string, unknown> = {};
  const stepState = createStepState({ saveState: () => undefined });
  const pipelines = {
    getRun: async () => run,
    getStartedRun: async () => {
      if (raw === undefined) throw new ActionError("forbidden", "no");
      return { raw };
    },
  };
  const setting = {
    inputs: { projectRef: { organization: { base: "https://x", name: "contoso" }, project: "web" } },
    deps: {
      pipelines,
      runner: { write: (more: Iterable<LogEntry>) => void lines.push(...more) },
      outputs: { set: (values: object) => void Object.assign(outputs, values) },
    },
    stepState,
  } as unknown as AttachContext;
  const done = attachToRun({ runId: run.id, pipelineId }, setting, neverAborted);
  return { done, lines, outputs, stepState };
}

it("tells which run the step is about, and that it is another's", async () => {
  const { done, lines, outputs, stepState } = attached(runOf(), { raw: { id: 345 }, pipelineId: 42 });
  expect(await done).toEqual({
    id: 345,
    name: "20261122.3",
    url: runOf().url,
    pipelineName: "deploy",
    source: runOf().source,
    requestedBy: "Example User",
    raw: { id: 345 },
    isExternal: true,
  });
  expect(logText(lines)).toBe(
    `contoso / web · deploy (42) · main at 4f2c1e9\nFollowing 20261122.3: ${runOf().url}`,
  );
  expect(outputs).toMatchObject({
    "run-id": 345,
    "run-name": "20261122.3",
    status: "completed",
    result: "succeeded",
  });
  expect(stepState.phase).toEqual({ at: "following", runId: 345, isOwn: false });
});

it("does without the answer of Get Run, and without a pipeline that the service names", async () => {
  expect(await attached(runOf()).done).toMatchObject({ raw: null });
  const nameless = runOf({ pipeline: { id: null, name: null, folder: null } });
  expect(await attached(nameless, { pipelineId: 7, raw: {} }).done).toMatchObject({ id: 345, raw: null });
});

it("refuses a run of another pipeline before it is the step's", async () => {
  const { done, stepState, outputs } = attached(runOf(), { pipelineId: 43 });
  await expect(done).rejects.toMatchObject({
    code: "bad-input",
    message: "pipeline-id: run 345 is one of pipeline 42, not of 43.",
  });
  expect([stepState.phase, outputs]).toEqual([{ at: "idle" }, {}]);
});
