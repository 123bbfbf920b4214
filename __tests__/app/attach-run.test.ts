import { expect, it } from "vitest";
import { attachToRun } from "../../src/app/attach-run.ts";
import { createStepState } from "../../src/app/step-state.ts";
import type { LogEntry } from "../../src/core/log-line.ts";
import type { RunFacts } from "../../src/core/model.ts";
import { ActionError } from "../../src/errors.ts";
import type { ExpectedRun } from "../../src/inputs/run-target.ts";
import { runOf } from "../core/builders.ts";
import { createJobRuns, logText, neverAborted, startedRun } from "./scripted-pipelines.ts";

interface Scenario {
  readonly expected?: Partial<ExpectedRun>;
  readonly raw?: unknown;
  /** Of the pipeline with the expected name; without one, the error of the search for it. */
  readonly pipelineId?: number | ActionError;
}

const byId = (id: number) => ({ by: "id", id }) as const;

function attach(run: RunFacts, { expected, raw, pipelineId = 42 }: Scenario = {}) {
  const lines: LogEntry[] = [];
  const outputs: Record<string, unknown> = {};
  const stepState = createStepState({ saveState: () => undefined });
  const deps = {
    pipelines: {
      find: async () => {
        if (pipelineId instanceof ActionError) throw pipelineId;
        return pipelineId;
      },
    },
    runs: {
      get: async () => run,
      getStarted: async (_: number, id: number) => {
        if (raw === undefined) throw new ActionError("forbidden", "no");
        return { ...startedRun(id), raw };
      },
    },
    runner: { write: (more: Iterable<LogEntry>) => void lines.push(...more) },
    outputs: { set: (values: object) => Object.assign(outputs, values) === outputs },
    jobRuns: createJobRuns(),
    stepState,
  };
  const inputNames = {
    run: "run-id",
    pipeline: expected?.pipeline?.by === "name" ? "pipeline-name" : "pipeline-id",
  } as const;
  const described = { pipeline: undefined, ref: undefined, commit: undefined, inputNames, ...expected };
  const projectRef = { organization: { base: "https://x", name: "contoso" }, project: "web" };
  const done = attachToRun(
    { runId: run.id, expected: described, projectRef, stagesToStart: [] },
    deps,
    neverAborted,
  );
  return { done, lines, outputs, stepState };
}

it("attachToRun logs the run that it follows, and returns that another client started it", async () => {
  const { done, lines, outputs, stepState } = attach(runOf(), {
    raw: { id: 345 },
    expected: { pipeline: byId(42) },
  });
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

it("attachToRun works without the response of Get Run", async () => {
  expect(await attach(runOf()).done).toMatchObject({ raw: null });
});

it.each<[string, Partial<ExpectedRun>]>([
  ["its pipeline's name", { pipeline: { by: "name", folder: undefined, name: "deploy" } }],
  ["its pipeline's name and folder", { pipeline: { by: "name", folder: "\\", name: "deploy" } }],
  ["its ref", { ref: "refs/heads/main" }],
  ["the beginning of its commit", { commit: "4F2C1E9" }],
])("attachToRun accepts %s", async (_, expected) => {
  expect(await attach(runOf(), { expected }).done).toMatchObject({ id: 345 });
});

it.each<[string, Partial<ExpectedRun>, string]>([
  ["pipeline", { pipeline: byId(43) }, "pipeline-id: run 345 has 42, not 43."],
  [
    "pipeline name",
    { pipeline: { by: "name", folder: undefined, name: "Deploy" } },
    "pipeline-name: run 345 has deploy, not Deploy.",
  ],
  [
    "folder",
    { pipeline: { by: "name", folder: "\\prod", name: "deploy" } },
    "pipeline-name: run 345 has \\deploy, not \\prod\\deploy.",
  ],
  [
    "ref and commit",
    { ref: "refs/heads/x", commit: "abcdef0" },
    `ref: run 345 has refs/heads/main, not refs/heads/x.\ncommit: run 345 has ${runOf().source.commit}, not abcdef0.`,
  ],
])("attachToRun rejects a run of another %s before the step follows it", async (_, expected, message) => {
  const { done, stepState, outputs } = attach(runOf(), { expected });
  await expect(done).rejects.toMatchObject({ code: "bad-input", message });
  expect([stepState.phase, outputs]).toEqual([{ at: "idle" }, {}]);
});

it("attachToRun rejects a run of another pipeline with the same name", async () => {
  const expected = { pipeline: { by: "name", folder: undefined, name: "deploy" } } as const;
  await expect(attach(runOf(), { expected, pipelineId: 43 }).done).rejects.toMatchObject({
    code: "bad-input",
    message: "pipeline-name: run 345 has pipeline 42, not 43.",
  });
});

it("attachToRun accepts a run whose pipeline was deleted, but not one whose pipelines cannot be read", async () => {
  const expected = { pipeline: { by: "name", folder: undefined, name: "deploy" } } as const;
  const search = (code: "not-found" | "forbidden") =>
    attach(runOf(), { expected, pipelineId: new ActionError(code, "No pipeline.") }).done;
  expect(await search("not-found")).toMatchObject({ id: 345 });
  await expect(search("forbidden")).rejects.toMatchObject({ code: "forbidden" });
});

it("attachToRun rejects a run whose pipeline the service does not name", async () => {
  const withoutPipeline = runOf({ pipeline: { id: null, name: null, folder: null } });
  await expect(attach(withoutPipeline, { expected: { pipeline: byId(7) } }).done).rejects.toMatchObject({
    code: "bad-input",
    message: expect.stringContaining("its value is unknown"),
  });
  expect(await attach(withoutPipeline).done).toMatchObject({ id: 345 });
});
