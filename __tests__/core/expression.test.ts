import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  compile,
  defaultStopWhen,
  defaultSuccessWhen,
  evaluateCondition,
  isDefaultCondition,
  isTrue,
} from "../../src/core/expression.ts";

const document = {
  status: "inProgress",
  result: null,
  stages: [
    { name: "Build", status: "completed", result: "succeeded" },
    { name: "Deploy", status: "pending", result: null },
  ],
  waitingFor: [{ kind: "approval", stage: "Deploy" }],
};

async function holds(expression: string, over: unknown = document): Promise<boolean> {
  return evaluateCondition(await compile(expression), over).holds;
}

describe("compile", () => {
  it.each([
    "stages[?name=='Build'].result | [0] == 'succeeded'",
    "waitingFor[?kind=='approval']",
    "length(stages[?status=='completed']) >= `1`",
    "status == `inProgress`",
    "let $done = 'completed' in stages[0].status == $done",
  ])("finds %s true", async (expression) => {
    await expect(holds(expression)).resolves.toBe(true);
  });

  it.each(["stages[?name=='Gone']", "result", "stages[9].name", "errors", "constructor", "`[]`"])(
    "finds %s not true",
    async (expression) => {
      await expect(holds(expression)).resolves.toBe(false);
    },
  );

  it.each([
    ["a..b", "unexpected . at column 3"],
    ["stages[?x ==]", "unexpected ] at column 13"],
    ["a #", "unexpected # at column 3"],
    ["(a", "the expression ends too early"],
    ["result == 'succeeded", "the ' at column 11 is never closed"],
    ["status = 'x'", "= does not compare; write =="],
    ["a == = b", "unexpected = at column 6; to compare, write =="],
    ["length(stages) > 1", "unexpected 1 at column 18; a number stands in backticks: `1`"],
    ["stages[?$x]", "unknown variable: $x"],
  ])("refuses %s: %s", async (expression, problem) => {
    await expect(compile(expression)).rejects.toThrow(new Error(problem));
  });

  it("knows before anything starts that a function does not exist, or wants other arguments", async () => {
    await expect(compile("stages[?foo(name)]")).rejects.toThrow("Unknown function: foo()");
    await expect(compile("stages && contains(name)")).rejects.toThrow("Invalid arity: contains()");
  });

  it("says every problem in one line without the library's stack", async () => {
    const alphabet = fc.constantFrom(..."ab.[]?='|&(){}`\"$:,*@!<>1- \\");
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: alphabet, maxLength: 12 }), async (expression) => {
        const problem = await compile(expression).then(
          () => "fine",
          (error: Error) => error.message,
        );
        expect(problem).toMatch(/^[^\n]+$/);
      }),
    );
  });
});

describe("the defaults", () => {
  const results = ["succeeded", "failed", "canceled", "abandoned", "skipped", "manual", null];
  const stageLists = results.flatMap((first) =>
    results.map((second) => [{ result: first }, { result: second }]),
  );

  it.each([defaultStopWhen, defaultSuccessWhen])("agree with the library: %s", async (expression) => {
    const builtIn = await compile(expression);
    expect(isDefaultCondition(builtIn)).toBe(true);
    const throughLibrary = await compile(`(${expression})`);
    expect(isDefaultCondition(throughLibrary)).toBe(false);
    for (const status of ["inProgress", "completed", null]) {
      for (const result of ["succeeded", "partiallySucceeded", "failed", null]) {
        for (const stages of [[], ...stageLists]) {
          const over = { status, result, stages };
          expect([over, builtIn(over)]).toEqual([over, throughLibrary(over)]);
        }
      }
    }
  });

  it("are recognized without spaces and with a line break, but not with other text in quotes", async () => {
    expect(isDefaultCondition(await compile("status=='completed'"))).toBe(true);
    expect(isDefaultCondition(await compile(defaultSuccessWhen.replaceAll(" ", "\n")))).toBe(true);
    expect(isDefaultCondition(await compile("status == 'completed '"))).toBe(false);
  });
});

describe("evaluateCondition", () => {
  it("says that a condition has no value, and takes it for false", async () => {
    const condition = await compile("stages[?name == 'Nosuch'].result | [0]");
    expect(evaluateCondition(condition, { stages: [] })).toEqual({
      holds: false,
      problem: undefined,
      isNull: true,
    });
  });

  it("takes a condition that can't be evaluated for false, and says why", async () => {
    const condition = await compile("contains(result, 'succ')");
    expect(evaluateCondition(condition, document)).toEqual({
      holds: false,
      problem: expect.stringMatching(/contains\(\).*received type null/),
      isNull: false,
    });
    expect(evaluateCondition(condition, { result: "succeeded" })).toEqual({
      holds: true,
      problem: undefined,
      isNull: false,
    });
  });

  it.each([
    [0, true],
    ["false", true],
    [[0], true],
    ["", false],
    [[], false],
    [{}, false],
    [null, false],
    [false, false],
  ])("goes by the truth of JMESPath: %j is %s", (value, truth) => {
    expect(isTrue(value)).toBe(truth);
  });
});
