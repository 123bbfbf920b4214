import { expect, test } from "vitest";
import { recordId } from "../../simulator/index.ts";

// The expected ids are those that the service assigned in published runs.
test.each([
  ["__default", 1, "96ac2280-8cb4-5df5-99de-dd2da759617d"],
  ["__default", 2, "d654deb9-056d-50a2-1717-90c08683d50a"],
  ["Job", 1, "3a3a2a60-14c7-570b-14a4-fa42ad92f52a"],
  ["Job.__default", 1, "12f1170f-54f2-53f3-20dd-22fc7dff55f9"],
])("recordId yields for %s, attempt %i, the service's id %s", (identifier, attempt, id) => {
  expect(recordId(identifier, attempt)).toBe(id);
});

test("recordId ignores case", () => {
  expect(recordId("BUILD.Compile")).toBe(recordId("build.compile"));
});
