import { describe, expect, test } from "vitest";
import { errorCodes } from "../../src/errors.ts";
import { textOf } from "./repository.ts";

const page = textOf("docs/troubleshooting.md");

/** Sections with a code for a heading. */
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .flatMap((section): [string, string][] => {
      const code = /^`([^`]+)`$/m.exec(section.split("\n", 1)[0] ?? "")?.[1];
      return code === undefined ? [] : [[code, section]];
    }),
);

test("each error code has a section, in the order of the code, and there are no others", () => {
  expect([...sections.keys()]).toEqual([...errorCodes]);
});

describe.each([...errorCodes])("%s", (code) => {
  test("says what it means, how to find out and how to fix it", () => {
    const section = sections.get(code) ?? "";
    const [, meaning = ""] = section.split("\n\n");
    expect(meaning).toMatch(/^\p{Lu}[^*].*\.$/su);
    expect(section).toMatch(/^- \*\*How to find out\.\*\* \S/m);
    expect(section).toMatch(/^- \*\*How to fix\.\*\*/m);
  });
});
