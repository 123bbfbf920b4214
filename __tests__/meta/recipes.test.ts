import { describe, expect, it, test } from "vitest";
import type { RunDocument } from "../../src/core/model.ts";
import { documentAt, evaluateMappedOutputs, evaluateRecipe, readRecipes } from "./recipes.ts";

const recipes = readRecipes();

function stepOf(title: string, index = 0): Readonly<Record<string, string>> {
  return recipes.find((recipe) => recipe.title === title)?.steps[index] ?? {};
}

const over = 1_000;

const commit = "a".repeat(40);

/** Runs of the simulator: Build, then Staging, then Production; what happened in them, and how far they are. */
const runs: Readonly<Record<string, () => Promise<RunDocument>>> = {
  queued: () => documentAt({ pipeline: 42, seconds: 1 }),
  building: () => documentAt({ pipeline: 42, seconds: 5 }),
  staging: () => documentAt({ pipeline: 42, seconds: 11 }),
  "in production": () => documentAt({ pipeline: 42, seconds: 15 }),
  succeeded: () => documentAt({ pipeline: 42, seconds: over }),
  failing: () => documentAt({ pipeline: 60, seconds: 30 }),
  "smoke failed": () => documentAt({ pipeline: 43, seconds: over }),
  partly: () => documentAt({ pipeline: 44, seconds: over }),
  "waiting for approval": () => documentAt({ pipeline: 45, seconds: over }),
  refused: () =>
    documentAt({
      pipeline: 45,
      seconds: 30,
      afterAdvance: (world, { id }) => {
        world.reject(id, "Production");
        world.advance(over);
      },
    }),
  canceled: () =>
    documentAt({
      pipeline: 47,
      seconds: 30,
      afterAdvance: async (world, { cancel }) => {
        await cancel();
        world.advance(over);
      },
    }),
  "without production": () =>
    documentAt({ pipeline: 42, seconds: over, startBody: { stagesToSkip: ["Production"] } }),
  "slow one": () => documentAt({ pipeline: 47, seconds: over }),
  clean: () => documentAt({ pipeline: 49, seconds: over }),
  "this commit": () => documentAt({ pipeline: 42, seconds: over }).then((run) => builtFrom(run, commit)),
};

const builtFrom = (run: RunDocument, sha: string): RunDocument => ({
  ...run,
  source: { ...run.source, commit: sha },
});

/** Of each recipe: the runs in which it waits, is green, or is red. */
const verdicts: Readonly<Record<string, Readonly<Record<string, boolean | "waits">>>> = {
  "Go on when a stage is done": {
    queued: "waits",
    building: "waits",
    staging: "waits",
    "in production": true,
    succeeded: true,
    "smoke failed": false,
    clean: false,
  },
  "Go on when two stages are done": {
    building: "waits",
    staging: "waits",
    "in production": true,
    "smoke failed": false,
  },
  "Let one job decide": { building: "waits", succeeded: false, "smoke failed": false, partly: false },
  "Accept partial success": { partly: true, succeeded: true, "smoke failed": false, building: "waits" },
  "Accept anything but canceled": { partly: true, "smoke failed": true, canceled: false, building: "waits" },
  "Accept no warning": { clean: true, succeeded: false, "smoke failed": false },
  "Know at the first failure": {
    building: "waits",
    failing: false,
    "smoke failed": false,
    succeeded: true,
  },
  "Insist that a stage was not skipped": { succeeded: true, "without production": false, clean: false },
  "Insist on a time": { succeeded: true, "slow one": false, "smoke failed": false },
  "Stop when somebody is asked to approve": {
    building: "waits",
    "waiting for approval": true,
    succeeded: true,
    refused: false,
  },
  "Wait until a deployment has begun": {
    staging: "waits",
    "waiting for approval": "waits",
    "in production": true,
    succeeded: true,
    refused: false,
    "without production": false,
  },
  "Make sure that a run built this commit": { "this commit": true, succeeded: false, building: "waits" },
  "Hand back what the service says anyway": { succeeded: true, "smoke failed": false },
  "Make a matrix of what failed": { succeeded: true, "smoke failed": false },
  "Start now, look later": { succeeded: true, "smoke failed": false },
  "Repeat only what failed": { partly: true, "smoke failed": false, building: "waits" },
};

describe("docs/recipes.md", () => {
  it("has at least a dozen recipes, each with a step, and each of them is tested here", () => {
    expect(recipes.map(({ title }) => title)).toEqual(Object.keys(verdicts));
    expect(recipes.length).toBeGreaterThanOrEqual(12);
    for (const { title, steps } of recipes) expect(steps.length, title).toBeGreaterThan(0);
  });

  it("has no expression that is not true of some run and untrue of another", () => {
    for (const [title, expected] of Object.entries(verdicts)) {
      const verdictsSeen = new Set(Object.values(expected).filter((verdict) => verdict !== "waits"));
      // Of the one that asks for a job, the green run is below.
      if (title !== "Let one job decide") expect(verdictsSeen, title).toEqual(new Set([true, false]));
    }
  });

  const cases = Object.entries(verdicts).flatMap(([title, expected]) =>
    Object.entries(expected).map(([run, verdict]) => [title, run, verdict] as const),
  );
  test.each(cases)("%s, a run %s: %s", async (title, run, verdict) => {
    const document = await runs[run]?.();
    expect(await evaluateRecipe(stepOf(title), document as RunDocument)).toBe(verdict);
  });

  it("lets one job decide: green where only others have failed", async () => {
    const document = (await runs["smoke failed"]?.()) as RunDocument;
    const step = stepOf("Let one job decide");
    const other = { ...step, "success-when": step["success-when"]?.replace("'Smoke'", "'Deploy'") ?? "" };
    expect([document.result, await evaluateRecipe(other, document)]).toEqual(["failed", true]);
  });

  it("hands back who is asked to approve", async () => {
    const document = (await runs["waiting for approval"]?.()) as RunDocument;
    expect(await evaluateMappedOutputs(stepOf("Stop when somebody is asked to approve"), document)).toEqual({
      "approval-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "approval-stage": "Production",
    });
  });

  it("hands back what the service says anyway", async () => {
    const templateParameters = { environment: "production" };
    const document = await documentAt({ pipeline: 42, seconds: over, startBody: { templateParameters } });
    expect(await evaluateMappedOutputs(stepOf("Hand back what the service says anyway"), document)).toEqual({
      branch: "refs/heads/main",
      "started-by": expect.stringMatching(/./),
      environment: "production",
      "staging-seconds": { from: expect.stringMatching(/^\d{4}-/), to: expect.stringMatching(/^\d{4}-/) },
    });
  });

  it("makes a matrix of what failed", async () => {
    const step = stepOf("Make a matrix of what failed");
    const [bad, good] = await Promise.all([runs["smoke failed"]?.(), runs["succeeded"]?.()]);
    expect(await evaluateMappedOutputs(step, bad as RunDocument)).toEqual({ failed: ["Smoke tests"] });
    expect(await evaluateMappedOutputs(step, good as RunDocument)).toEqual({ failed: [] });
  });

  it("warns of double quotes with reason", async () => {
    const document = (await runs["succeeded"]?.()) as RunDocument;
    expect(await evaluateRecipe({ "success-when": 'result == "succeeded"' }, document)).toBe(false);
  });

  it("names every field of the run document, and none that there is not", async () => {
    const { textOf } = await import("./repository.ts");
    const table = textOf("docs/recipes.md").split("## The run document")[1] ?? "";
    const document = (await runs["waiting for approval"]?.()) as RunDocument;
    const [stage] = document.stages;
    const names = [
      ...Object.keys(document),
      ...Object.keys(stage ?? {}),
      ...Object.keys(stage?.jobs[0] ?? {}),
      ...Object.keys(document.waitingFor[0] ?? {}),
    ];
    for (const name of new Set(names))
      expect(table).toMatch(new RegExp(`\`(raw\\.)?${name}(\\[\\]|\\.\\w+)?\``));
  });
});
