import { posix } from "node:path";
import { describe, expect, test } from "vitest";
import { textOf } from "./repository.ts";

const page = "docs/security.md";
const attempts = textOf(page)
  .split("## What they could try")[1]
  ?.split("\n")
  .filter((line) => /^\| (?!attempt)/.test(line));
const rows = (attempts ?? [])
  .map((line) => line.split(" | "))
  .map(([attempt = "", , proof = ""]) => ({ attempt, proof }));

describe("the threat model", () => {
  test("has more than 20 rows", () => {
    expect(rows.length).toBeGreaterThan(20);
  });

  test.each(rows)("names an existing test for: $attempt", ({ proof }) => {
    const [, title = "", target = ""] = /\[(.+)\]\((\S+\.test\.ts)\)/.exec(proof) ?? [];
    expect(title).not.toBe("");
    expect(textOf(posix.join(posix.dirname(page), target))).toContain(title);
  });
});
