import { describe, expect, test } from "vitest";
import { errorCodes } from "../../src/errors.ts";
import { textOf } from "./repository.ts";

const page = textOf("docs/troubleshooting.md");

/** The sections whose heading is an error code. */
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .flatMap((section): [string, string][] => {
      const code = /^`([^`]+)`$/m.exec(section.split("\n", 1)[0] ?? "")?.[1];
      return code === undefined ? [] : [[code, section]];
    }),
);

test("docs/troubleshooting.md has a section for each error code, in the order of the code, and no others", () => {
  expect([...sections.keys()]).toEqual([...errorCodes]);
});

describe.each([...errorCodes])("the section %s in docs/troubleshooting.md", (code) => {
  test("says what the code means, how to find out and how to fix it", () => {
    const section = sections.get(code) ?? "";
    const [, meaning = ""] = section.split("\n\n");
    expect(meaning).toMatch(/^\p{Lu}[^*].*\.$/su);
    expect(section).toMatch(/^- \*\*How to find out\.\*\* \S/m);
    expect(section).toMatch(/^- \*\*How to fix\.\*\*/m);
  });
});
