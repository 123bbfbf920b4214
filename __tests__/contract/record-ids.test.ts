import { expect, test } from "vitest";
import { recordId } from "../../simulator/index.ts";

// The vectors are ids that the service gave to records of published runs.
test.each([
  ["__default", 1, "96ac2280-8cb4-5df5-99de-dd2da759617d"],
  ["__default", 2, "d654deb9-056d-50a2-1717-90c08683d50a"],
  ["Job", 1, "3a3a2a60-14c7-570b-14a4-fa42ad92f52a"],
  ["Job.__default", 1, "12f1170f-54f2-53f3-20dd-22fc7dff55f9"],
])("%s, attempt %i, has the id that the service gives it", (identifier, attempt, id) => {
  expect(recordId(identifier, attempt)).toBe(id);
});

test("the case of a name does not matter", () => {
  expect(recordId("BUILD.Compile")).toBe(recordId("build.compile"));
});
