import { expect, test } from "vitest";
import { isSharedRequired } from "./shared.ts";

test.each([
  ["skipped on a developer's machine", {}, false],
  ["skipped in CI", { CI: "true" }, false],
  ["skipped in CI on GitHub", { CI: "true", GITHUB_ACTIONS: "true" }, false],
  ["required with RECORDINGS=required", { RECORDINGS: "required" }, true],
])("tests with a missing recording are %s", (_, env, isRequired) => {
  expect(isSharedRequired(env)).toBe(isRequired);
});
