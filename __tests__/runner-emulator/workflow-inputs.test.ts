import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { type WithBlock, workflowInputs } from "../../runner-emulator/workflow-inputs.ts";

describe("workflowInputs", () => {
  it.each([
    ["7.0", "7"],
    ["1.10", "1.1"],
    ["1234567e0", "1234567"],
    ["False", "false"],
    ["1_000", "1_000"],
    ["yes", "yes"],
    ['"7.0"', "7.0"],
    ["", ""],
  ])("converts the YAML value `%s` to the input %j", (yaml, text) => {
    expect(workflowInputs(parse(`a: ${yaml}`) as WithBlock)).toEqual({ a: text });
  });
});
