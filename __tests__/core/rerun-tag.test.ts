import { expect, it } from "vitest";
import { rerunTag } from "../../src/core/run-matching.ts";

it("names the workflow run and the key", () => {
  expect(rerunTag("17", "build/0/ado")).toBe("run-azure-pipeline:17:build/0/ado");
});

it.each([
  ["two keys that a tag could not tell apart", "west, europe", "west; europe"],
  ["two keys that are too long", `${"x".repeat(150)}1`, `${"x".repeat(150)}2`],
  ["a key and what it would be cut to", "x".repeat(121), "x".repeat(120)],
  ["a key and what it would be replaced by", "a b", "a_b"],
])("keeps %s apart", (_, one, other) => {
  expect(rerunTag("17", one)).not.toBe(rerunTag("17", other));
});

it.each(["a,b", "a\nb", "ключ 🔑", "<a>&%:*?\\", ""])("holds nothing that could end a tag: %j", (key) => {
  const tag = rerunTag("17", key);
  expect(tag).toMatch(/^[\w./:-]+$/);
  expect(tag.length).toBeLessThan(200);
});
