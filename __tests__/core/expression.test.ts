import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "../../src/core/expression.ts";

const document = {
  status: "inProgress",
  result: null,
  stages: [
    { name: "Build", status: "completed", result: "succeeded" },
    { name: "Deploy", status: "pending", result: null },
  ],
  waitingFor: [{ kind: "approval", stage: "Deploy" }],
};

describe("compile", () => {
  it.each([
    ["stages[?name=='Build'].result | [0]", "succeeded"],
    ["waitingFor[?kind=='approval'].stage", ["Deploy"]],
    ["length(stages[?status=='completed'])", 1],
    ["status == `inProgress`", true],
    ["let $done = 'completed' in stages[0].status == $done", true],
    ["stages[?name=='Gone']", []],
    ["stages[9].name", null],
    ["constructor", null],
  ])("evaluates %s to %j", async (expression, value) => {
    expect((await compile(expression))(document)).toEqual(value);
  });

  it.each([
    ["a..b", "unexpected . at column 3"],
    ["stages[?x ==]", "unexpected ] at column 13"],
    ["a #", "unexpected # at column 3"],
    ["(a", "the expression ends too early"],
    ["result == 'succeeded", "the ' at column 11 is never closed"],
    ["status = 'x'", "= does not compare; write =="],
    ["a == = b", "unexpected = at column 6; to compare, write =="],
    ["length(stages) > 1", "unexpected 1 at column 18; write a number in backticks: `1`"],
    ["stages[?$x]", "unknown variable: $x"],
  ])("rejects %s: %s", async (expression, problem) => {
    await expect(compile(expression)).rejects.toThrow(new Error(problem));
  });

  it("rejects an unknown function, and one with the wrong number of arguments", async () => {
    await expect(compile("stages[?foo(name)]")).rejects.toThrow("Unknown function: foo()");
    await expect(compile("stages && contains(name)")).rejects.toThrow("Invalid arity: contains()");
  });

  it("reports every problem in one line without the library's stack", async () => {
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
