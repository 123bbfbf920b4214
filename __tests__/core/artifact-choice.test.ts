import { expect, it } from "vitest";
import { chooseArtifacts, missingArtifacts } from "../../src/core/artifact-choice.ts";

const available = [{ name: "drop" }, { name: "tests" }];

it.each([
  [["drop"], ["drop"], []],
  [["*"], ["drop", "tests"], []],
  [["*", "gone"], ["drop", "tests"], ["gone"]],
  [["Drop", "tests", "tests"], ["tests"], ["Drop"]],
  [[], [], []],
])("%j means %j and misses %j", (wanted, found, missing) => {
  const choice = chooseArtifacts(wanted, available);
  expect(choice.found.map(({ name }) => name)).toEqual(found);
  expect(choice.missing).toEqual(missing);
});

it("lists what there is instead", () => {
  expect(missingArtifacts(["gone"], available)).toBe(
    'The run has no artifact "gone"; it has "drop" and "tests".',
  );
  expect(missingArtifacts(["a", "b"], [])).toBe('The run has no artifact "a" or "b"; it has none at all.');
});
