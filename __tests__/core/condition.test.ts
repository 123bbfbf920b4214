import { describe, expect, it } from "vitest";
import { buildRunTree } from "../../src/core/build-run-tree.ts";
import {
  compileCondition,
  defaultStopWhen,
  defaultSuccessWhen,
  evaluateCondition,
  isDefaultCondition,
} from "../../src/core/condition.ts";
import { compile } from "../../src/core/expression.ts";
import type { RunDocument } from "../../src/core/model.ts";
import { documentFields } from "../../src/core/own-condition.ts";
import { documentOf } from "../../src/core/run-document.ts";
import { runOf } from "./builders.ts";

const inRun = { document: "run", warn: (text: string) => expect.unreachable(text) } as const;
const inList = { ...inRun, document: "list" } as const;

async function warningsOf(condition: string): Promise<readonly string[]> {
  const warnings: string[] = [];
  await compileCondition(condition, { warn: (text) => warnings.push(text) });
  return warnings;
}

describe("the form of a condition", () => {
  it.each([
    "result == 'succeeded'",
    "status == `inProgress`",
    "!errors",
    "!(result == 'failed')",
    "contains(['succeeded', 'partiallySucceeded'], result)",
    "starts_with(source.ref, 'refs/tags/')",
    "ends_with(name, '.1') && (errors == `0` || warnings > `3`)",
    "stages[?name == 'Build'] | [0].status == 'completed'",
    "stages[].jobs[] | length([?result == 'failed']) > `0`",
    "length(causes[?contains(message, 'lost communication')]) > `0`",
    "let $done = 'completed' in stages[0].status == $done",
    "errors > `0` ? result == 'failed' : status == 'completed'",
    "`true`",
    "raw.build.queue.name == 'x' && raw.run.anything != `null`",
    "sort_by(stages, &name) | [-1].name == 'Z'",
    "$.status == @.status",
    "\"result\" == 'succeeded'",
    "waitingFor[*] != `null`",
    "result != null",
    defaultSuccessWhen,
  ])("is accepted: %s", async (condition) => {
    await expect(compileCondition(condition, inRun)).resolves.toBeTypeOf("function");
  });

  it.each([
    ["errors", "must yield true or false; compare the value, as in errors == `0`"],
    ["warnings", "must yield true or false; compare the value, as in warnings == `0`"],
    ["result", "must yield true or false; compare the value, as in result == 'succeeded'"],
    ["length(stages)", "must yield true or false; compare what length() yields, as in length(LIST) > `0`"],
    ["'false'", 'must yield true or false; "false" is neither'],
    ["`0`", "must yield true or false; 0 is neither"],
    ["`[]`", "must yield true or false; [] is neither"],
    ["waitingFor[?kind == 'approval']", "must yield true or false; a list is neither"],
    ["stages[*].result", "must yield true or false; a list is neither"],
    ["stages[]", "must yield true or false; a list is neither"],
    ["[result]", "must yield true or false; a list is neither"],
    ["{a: result}", "must yield true or false; compare the value"],
    ["stages[0]", "must yield true or false; compare the value"],
    ["source.commit", "must yield true or false; compare the value"],
    ["@", "must yield true or false; compare the value"],
    ["$", "must yield true or false; compare the value"],
    ["result == 'failed' || errors", "must yield true or false; compare the value, as in errors == `0`"],
    ["stages && status == 'completed'", "must yield true or false; compare the value"],
    ["stages[?result == 'failed'] | [0]", "must yield true or false; compare the value"],
    ["status == 'completed' | errors", "must yield true or false; compare the value"],
    ["not_null(result, 'x')", "must yield true or false; compare what not_null() yields"],
    ["errors > `0` ? result : 'x' == 'x'", "must yield true or false; compare the value"],
    ["let $x = errors in $x", "must yield true or false; compare the value"],
    ["-errors", "must yield true or false; compare the value"],
    ["errors + warnings", "must yield true or false; compare the value"],
  ])("is rejected: %s: %s", async (condition, problem) => {
    await expect(compileCondition(condition, inRun)).rejects.toThrow(problem);
  });

  it.each([
    ["stages[?name == 'Deploy'].result != 'failed'", "compares a list with 'failed', which are never equal"],
    ["stages[?name == 'Deploy'][0].result == 'succeeded'", "take an entry: LIST | [0] == 'succeeded'"],
    ["`0` < stages[?result == 'failed']", "count it, as in length(LIST) > `0`"],
  ])("is rejected if it compares a list: %s: %s", async (condition, problem) => {
    await expect(compileCondition(condition, inRun)).rejects.toThrow(problem);
  });
});

describe("the words in a condition", () => {
  const results = "succeeded, partiallySucceeded, failed or canceled";

  it.each([
    ["result != 'Failed'", `result is never 'Failed'; it is ${results}`],
    ["'faild' != result", `result is never 'faild'; it is ${results}`],
    ["!contains(['failed', 'cancelled'], result)", `result is never 'cancelled'; it is ${results}`],
    ["!(errors > `0` && result == 'FAILED')", "result is never 'FAILED'"],
    [
      "status == 'complete'",
      "status is never 'complete'; it is notStarted, postponed, inProgress, canceling or completed",
    ],
    ["result != 'skipped'", "result is never 'skipped'"],
    ["$.result != 'Failed' && @.errors == `0`", "result is never 'Failed'"],
  ])("are rejected if the run never has them: %s: %s", async (condition, problem) => {
    await expect(compileCondition(condition, inRun)).rejects.toThrow(problem);
  });

  it.each([
    "length(stages[?result == 'Failed']) == `0`",
    "stages[0].result != 'Failed'",
    "(stages[?name == 'Deploy'] | [0].result) != 'Failed'",
    "stages[?name == 'Deploy'] | [0].jobs[0].result != 'Failed'",
  ])("are a warning if no stage or job has them: %s", async (condition) => {
    expect(await warningsOf(condition)).toEqual([
      expect.stringMatching(/^result is never 'Failed'; it is succeeded, .*manual/),
    ]);
  });

  it.each([
    "result != null && result != 'canceled'",
    "contains(['succeeded', 'partiallySucceeded'], result)",
    "length(stages[].jobs[] | [?status != 'pending' && result != 'skipped']) > `0`",
    "raw.build.result != 'anything' && raw.build.status == 'cancelling'",
    "contains(name, 'status')",
  ])("are accepted: %s", async (condition) => {
    await expect(compileCondition(condition, inRun)).resolves.toBeTypeOf("function");
  });
});

describe("the names in a condition", () => {
  it.each([
    ['result != "failed"', /^"failed" in double quotes is the name of a field.*single quotes: 'failed'$/],
    ['"succeeded" == result', /^"succeeded" in double quotes is the name/],
    ['contains(["succeeded", "partiallySucceeded"], result)', /single quotes: 'succeeded'$/],
    ['starts_with(source.ref, "refs/tags/")', /single quotes: 'refs\/tags\/'$/],
    ['status == "completed" && result != "failed"', /single quotes: 'completed'$/],
    [
      "resullt != 'failed'",
      /^the run document has no field resullt; it has id, name, status, result, .*, raw$/,
    ],
    ["result == succeeded", /no field succeeded; .*; write text in single quotes: 'succeeded'$/],
    ["stage[?result == 'failed'] | length(@) > `0`", /no field stage;/],
    ["length(jobs) > `0`", /no field jobs;/],
    ["@.resullt == 'x'", /no field resullt;/],
    ["$.resullt == 'x'", /no field resullt;/],
    ["stages[?result == $.resullt] | length(@) > `0`", /no field resullt;/],
    ["!resullt", /no field resullt;/],
    ["[resullt] | [0] == 'x'", /no field resullt;/],
    ["{a: resullt} | a == 'x'", /no field resullt;/],
    ["resullt | @ == 'x'", /no field resullt;/],
    ["sort_by(stagess, &name) | [0].name == 'x'", /no field stagess;/],
    ["let $x = resullt in $x == 'x'", /no field resullt;/],
    ["constructor == 'x'", /no field constructor;/],
    ["contains(tags, 'x') == true", /no field tags;/],
    ["contains(name, 'x') == true", /; write true in backticks: `true`$/],
  ])("must be fields of the run document: %s: %s", async (condition, problem) => {
    await expect(compileCondition(condition, inRun)).rejects.toThrow(problem);
  });

  it("are not checked below the first level or in lists", async () => {
    const condition =
      "raw.run.whatever == 'x' && source.nothing == 'x' && stages[?any == 'x'] | [0].thing == 'x'";
    await expect(compileCondition(condition, inRun)).resolves.toBeTypeOf("function");
  });

  it("include every field of the run document", () => {
    const document: RunDocument = documentOf(runOf(), buildRunTree(new Map()), null);
    expect(documentFields).toEqual(expect.arrayContaining(Object.keys(document)));
  });
});

describe("a condition over the list of builds", () => {
  it.each([
    ["length(stages[?result == 'failed']) == `0`", "stages"],
    ["length(waitingFor) == `0`", "waitingFor"],
    ["length(causes) == `0`", "causes"],
    ["errors == `0`", "errors"],
    ["warnings == `0`", "warnings"],
    ["attempt == `1`", "attempt"],
    ["raw.run.state == 'x'", "raw.run"],
    ["raw | run.state == 'x'", "raw.run"],
    ["$.errors == `0`", "errors"],
  ])("is rejected: %s uses %s", async (condition, name) => {
    const problem = new RegExp(
      `^${name} is not known while a run is searched for; the condition can use id, .*, raw$`,
    );
    await expect(compileCondition(condition, inList)).rejects.toThrow(problem);
  });

  it.each([
    "result == 'succeeded' || status != 'completed'",
    "raw.build.reason == 'pullRequest' && source.ref == 'refs/heads/main'",
    "raw.build.run == 'x' && runSeconds < `60`",
    defaultStopWhen,
  ])("is accepted: %s", async (condition) => {
    await expect(compileCondition(condition, inList)).resolves.toBeTypeOf("function");
  });
});

describe("double quotes in a filter", () => {
  it.each([
    ['stages[?name == "Deploy"] | length(@) > `0`', "Deploy"],
    ['stages[?contains(name, "Dep")] | length(@) > `0`', "Dep"],
    ["stages[?contains([\"A\", 'B'], name)] | length(@) > `0`", "A"],
  ])("cause a warning: %s, about %s", async (condition, name) => {
    expect(await warningsOf(condition)).toEqual([
      `"${name}" in double quotes is the name of a field; write text in single quotes: '${name}'`,
    ]);
  });

  it.each([
    "stages[?\"name\" == 'Deploy'] | length(@) > `0`",
    'stages[?name == "displayName"] | length(@) > `0`',
    "raw.run.variables[?\"my-key\" == 'x'] | length(@) > `0`",
    "raw.build.\"my key\" == 'x'",
  ])("cause no warning around the name of a field: %s", async (condition) => {
    expect(await warningsOf(condition)).toEqual([]);
  });
});

describe("the default conditions", () => {
  const results = ["succeeded", "failed", "canceled", "abandoned", "skipped", "manual", null];
  const stageLists = results.flatMap((first) =>
    results.map((second) => [{ result: first }, { result: second }]),
  );

  it.each([defaultStopWhen, defaultSuccessWhen])(
    "yield the same as in the JMESPath library: %s",
    async (expression) => {
      const builtIn = await compileCondition(expression, inRun);
      expect(isDefaultCondition(builtIn)).toBe(true);
      const throughLibrary = await compile(expression);
      expect(isDefaultCondition(throughLibrary)).toBe(false);
      for (const status of ["inProgress", "completed", null]) {
        for (const result of ["succeeded", "partiallySucceeded", "failed", null]) {
          for (const stages of [[], ...stageLists]) {
            const over = { status, result, stages };
            expect([over, builtIn(over)]).toEqual([over, throughLibrary(over)]);
          }
        }
      }
    },
  );

  it("are recognized without spaces and with line breaks, but not with other text in quotes", async () => {
    const isDefault = async (condition: string) =>
      isDefaultCondition(await compileCondition(condition, inRun));
    expect(await isDefault("status=='completed'")).toBe(true);
    expect(await isDefault(defaultSuccessWhen.replaceAll(" ", "\n"))).toBe(true);
    await expect(isDefault("status == 'completed '")).rejects.toThrow("status is never 'completed '");
  });
});

describe("evaluateCondition", () => {
  const evaluate = async (condition: string, document: unknown) =>
    evaluateCondition(await compileCondition(condition, inRun), document);

  it("treats null as false", async () => {
    expect(await evaluate("errors > `0`", { errors: null })).toEqual({
      holds: false,
      problem: undefined,
      isNull: true,
    });
  });

  it("treats an error as false, and returns its message", async () => {
    expect(await evaluate("contains(result, 'succ')", { result: null })).toEqual({
      holds: false,
      problem: expect.stringMatching(/contains\(\).*received type null/),
      isNull: false,
    });
  });

  it.each([true, false])("yields %s", async (holds) => {
    const result = holds ? "succeeded" : "failed";
    expect(await evaluate("contains(result, 'succ')", { result })).toEqual({
      holds,
      problem: undefined,
      isNull: false,
    });
  });
});
