import { describe, expect, it } from "vitest";
import { textOf } from "./repository.ts";

const changelog = textOf("CHANGELOG.md");

/** The text of each version, by its heading. */
const versions = changelog
  .split(/^## /m)
  .slice(1)
  .map((section) => section.split("\n"))
  .map(([heading = "", ...lines]) => ({ heading, lines }));

describe("CHANGELOG.md", () => {
  it("has headings such as [1.0.0] - 2026-12-01, from which the release workflow takes the notes", () => {
    for (const { heading } of versions)
      expect(heading).toMatch(/^\[(Unreleased\]|\d+\.\d+\.\d+\] - (Unreleased|20\d\d-[01]\d-[0-3]\d))$/);
    expect(versions.slice(1).filter(({ heading }) => heading.includes("Unreleased"))).toEqual([]);
  });

  it("groups the changes of a version as Keep a Changelog does, each group once", () => {
    for (const { heading, lines } of versions) {
      const groups = lines.filter((line) => line.startsWith("### "));
      const known = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
      expect(groups, heading).toEqual(
        known.map((name) => `### ${name}`).filter((group) => groups.includes(group)),
      );
    }
  });

  it("has a link for each version", () => {
    for (const { heading } of versions.filter(({ heading }) => !heading.startsWith("[Unreleased]"))) {
      const version = /^\[(.*)\]/.exec(heading)?.[1];
      expect(changelog).toContain(`\n[${version}]: https://github.com/`);
    }
  });
});
