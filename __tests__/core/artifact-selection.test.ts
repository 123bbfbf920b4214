import { expect, it } from "vitest";
import { missingArtifactsMessage, selectArtifacts } from "../../src/core/artifact-selection.ts";

const available = [{ name: "drop" }, { name: "tests" }];

it.each([
  [["drop"], ["drop"], []],
  [["*"], ["drop", "tests"], []],
  [["*", "gone"], ["drop", "tests"], ["gone"]],
  [["Drop", "tests", "tests"], ["tests"], ["Drop"]],
  [[], [], []],
])("%j means %j and misses %j", (wanted, found, missing) => {
  const choice = selectArtifacts(wanted, available);
  expect(choice.found.map(({ name }) => name)).toEqual(found);
  expect(choice.missing).toEqual(missing);
});

it("lists what there is instead", () => {
  expect(missingArtifactsMessage(["gone"], available)).toBe(
    'The run has no artifact "gone"; it has "drop" and "tests".',
  );
  expect(missingArtifactsMessage(["a", "b"], [])).toBe(
    'The run has no artifact "a" or "b"; it has none at all.',
  );
});
