import { expect, test } from "vitest";
import { isSharedRequired } from "../support/shared.ts";

test.each([
  ["on a machine of one's own", {}, false],
  ["where CI is switched off", { CI: "false" }, false],
  ["where CI is blanked", { CI: "" }, false],
  ["in the maintainers' CI", { CI: "true" }, true],
  ["on GitHub, where the folder is not", { CI: "true", GITHUB_ACTIONS: "true" }, false],
])("what stands beside the repository %s: is required or not", (_, env, isRequired) => {
  expect(isSharedRequired(env)).toBe(isRequired);
});
