import { describe, expect, it, test } from "vitest";
import { compileCondition } from "../../src/core/condition.ts";
import type { RunDocument } from "../../src/core/model.ts";
import { documentAt, evaluateMappedOutputs, evaluateRecipe, isMet, readRecipes } from "./recipes.ts";
import { textOf } from "./repository.ts";

const recipes = readRecipes();

function stepOf(title: string, index = 0): Readonly<Record<string, string>> {
  return recipes.find((recipe) => recipe.title === title)?.steps[index] ?? {};
}

const over = 1_000;

/** Simulated runs with the stages Build, Staging and Production, in various states. */
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
};

/** For each recipe with conditions or mapped outputs: the runs for which the step waits, passes or fails. */
const verdicts: Readonly<Record<string, Readonly<Record<string, boolean | "waits">>>> = {
  "Wait for one stage": {
    queued: "waits",
    building: "waits",
    staging: "waits",
    "in production": true,
    succeeded: true,
    "smoke failed": false,
    clean: false,
  },
  "Wait for two stages": {
    building: "waits",
    staging: "waits",
    "in production": true,
    "smoke failed": false,
  },
  "Let one job decide": { building: "waits", succeeded: false, "smoke failed": false, partly: false },
  "Accept partial success": { partly: true, succeeded: true, "smoke failed": false, building: "waits" },
  "Accept anything but canceled": { partly: true, "smoke failed": true, canceled: false, building: "waits" },
  "Fail on warnings": { clean: true, succeeded: false, "smoke failed": false },
  "Fail fast": {
    building: "waits",
    failing: false,
    "smoke failed": false,
    succeeded: true,
  },
  "Require that a stage was not skipped": { succeeded: true, "without production": false, clean: false },
  "Require a duration": { succeeded: true, "slow one": false, "smoke failed": false },
  "Stop when an approval is needed": {
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
  "Return what Azure DevOps knows": { succeeded: true, "smoke failed": false },
  "Make a matrix of what failed": { succeeded: true, "smoke failed": false },
  "Re-run only what failed": { partly: true, "smoke failed": false, building: "waits" },
};

describe("docs/recipes.md", () => {
  it("has a step in each recipe, and each recipe with a condition is tested here", () => {
    const own = ["stop-when", "success-when", "map-outputs"];
    const testedHere = recipes.filter(({ steps }) =>
      steps.some((step) => own.some((name) => step[name] !== undefined)),
    );
    expect(testedHere.map(({ title }) => title).sort()).toEqual(Object.keys(verdicts).sort());
    for (const { title, steps } of recipes) expect(steps.length, title).toBeGreaterThan(0);
  });

  it("has no condition that is true for every run or false for every run", () => {
    for (const [title, expected] of Object.entries(verdicts)) {
      const seen = new Set(Object.values(expected).filter((verdict) => verdict !== "waits"));
      // The run for which this condition is true is tested below.
      if (title !== "Let one job decide") expect(seen, title).toEqual(new Set([true, false]));
    }
  });

  const cases = Object.entries(verdicts).flatMap(([title, expected]) =>
    Object.entries(expected).map(([run, verdict]) => [title, run, verdict] as const),
  );
  test.each(cases)('"%s" yields for the run "%s": %s', async (title, run, verdict) => {
    const document = await runs[run]?.();
    expect(await evaluateRecipe(stepOf(title), document as RunDocument)).toBe(verdict);
  });

  it('"Let one job decide" passes if only other jobs have failed', async () => {
    const document = (await runs["smoke failed"]?.()) as RunDocument;
    const step = stepOf("Let one job decide");
    const other = { ...step, "success-when": step["success-when"]?.replace("'Smoke'", "'Deploy'") ?? "" };
    expect([document.result, await evaluateRecipe(other, document)]).toEqual(["failed", true]);
  });

  it('"Retry only infrastructure faults" retries only after an infrastructure fault', async () => {
    const step = stepOf("Retry only infrastructure faults");
    const failed = (await runs["smoke failed"]?.()) as RunDocument;
    const [cause] = failed.causes;
    if (cause === undefined) throw new Error("the run has no cause");
    const message = "The agent: Azure Pipelines 3 lost communication with the server.";
    expect(await isMet("retry-when", step, failed)).toBe(false);
    expect(await isMet("retry-when", step, { ...failed, causes: [{ ...cause, message }] })).toBe(true);
  });

  it.each([
    ["succeeded", true],
    ["building", true],
    ["smoke failed", false],
    ["canceled", false],
  ])('"Build each commit only once" reuses the run "%s": %s', async (run, isReused) => {
    const document = (await runs[run]?.()) as RunDocument;
    expect(await isMet("find-when", stepOf("Build each commit only once"), document)).toBe(isReused);
  });

  it('"Stop when an approval is needed" returns the approval\'s id and stage', async () => {
    const document = (await runs["waiting for approval"]?.()) as RunDocument;
    expect(await evaluateMappedOutputs(stepOf("Stop when an approval is needed"), document)).toEqual({
      "approval-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "approval-stage": "Production",
    });
  });

  it('"Return what Azure DevOps knows" returns branch, requester, parameter and times', async () => {
    const templateParameters = { environment: "production" };
    const document = await documentAt({ pipeline: 42, seconds: over, startBody: { templateParameters } });
    expect(await evaluateMappedOutputs(stepOf("Return what Azure DevOps knows"), document)).toEqual({
      branch: "refs/heads/main",
      "started-by": expect.stringMatching(/./),
      environment: "production",
      "staging-seconds": { from: expect.stringMatching(/^\d{4}-/), to: expect.stringMatching(/^\d{4}-/) },
    });
  });

  it('"Make a matrix of what failed" lists the failed jobs', async () => {
    const step = stepOf("Make a matrix of what failed");
    const [bad, good] = await Promise.all([runs["smoke failed"]?.(), runs["succeeded"]?.()]);
    expect(await evaluateMappedOutputs(step, bad as RunDocument)).toEqual({ failed: ["Smoke tests"] });
    expect(await evaluateMappedOutputs(step, good as RunDocument)).toEqual({ failed: [] });
  });

  it("describes every field of the run document", async () => {
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

describe("the table of conditions in docs/inputs.md", () => {
  const rows = [...textOf("docs/inputs.md").matchAll(/^\| (`.+`) \| .+ \| (`.+`) \|$/gm)].map(
    ([, wrong = "", right = ""]) => [withoutTicks(wrong), withoutTicks(right)] as const,
  );

  it("has more than three rows", () => {
    expect(rows.length).toBeGreaterThan(3);
  });

  it.each(rows)("has a wrong condition that is rejected, %s, and a right one, %s", async (wrong, right) => {
    const options = { warn: () => {} };
    await expect(compileCondition(wrong, options)).rejects.toThrow();
    await expect(compileCondition(right, options)).resolves.toBeDefined();
  });
});

/** The text of a code span. */
function withoutTicks(span: string): string {
  const ticks = span.length - span.replace(/^`+/, "").length;
  return span.slice(ticks, -ticks).trim();
}
