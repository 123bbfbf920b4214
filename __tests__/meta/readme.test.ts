import { describe, expect, test } from "vitest";
import { withTables } from "../../scripts/readme/tables.ts";
import { fields } from "../../src/inputs/fields.ts";
import { filesOf, textOf } from "./repository.ts";

const readme = textOf("README.md");

test("has the tables that action.yml makes (npm run readme)", () => {
  expect(withTables(readme, textOf("action.yml"))).toBe(readme);
});

test("has a row for each input, with bars that end no cell", () => {
  const [, inputs = ""] = /<!-- inputs: [^>]*>([\s\S]*)<!-- \/inputs -->/.exec(readme) ?? [];
  const rows = inputs.split("\n").filter((line) => line.startsWith("| `"));
  for (const { name } of Object.values(fields)) {
    const mine = rows.filter(
      (row) => row.startsWith(`| \`${name}\` |`) && row.split(/(?<!\\)\|/).length === 5,
    );
    expect(mine, name).toHaveLength(1);
  }
});

describe("the table of requests", () => {
  const [, section = ""] = readme.split("## The requests it makes");
  const [table = ""] = section.split("\n## ");
  const listed = [...table.matchAll(/(_apis\/[^`?]+)[`?]/g)].map(([, path = ""]) =>
    path.replaceAll(/\b[A-Z]+\b/g, "*"),
  );
  const requests = filesOf("src/azure-devops/*.ts").flatMap((file) =>
    [...textOf(file).matchAll(/^(?!\s*(?:\*|\/[/*])).*?["`](_apis\/[^"`]+)["`]/gm)].map(([, path = ""]) =>
      path.replaceAll(/\$\{[^}]*\}/g, "*"),
    ),
  );

  test("is read, and so is the code", () => {
    expect(listed).toContain("_apis/pipelines/*/runs");
    expect(requests).toContain("_apis/pipelines/*/runs");
  });

  test.each([...new Set(requests)])("has %s", (path) => {
    const rows = listed.filter(
      (row) => row === path || (row.endsWith("…") && path.startsWith(row.slice(0, -1))),
    );
    expect(rows).not.toEqual([]);
  });
});

test("shows both commands and the shortest workflow in its first screen", () => {
  const screen = readme.split("\n").slice(0, 40).join("\n");
  expect(screen).toContain("npm ci && npm start\nnpm ci && npm test");
  expect(screen).toMatch(/uses: OWNER\/run-azure-pipeline@/);
  expect(screen.slice(0, screen.indexOf("`COMMIT`"))).not.toContain("secrets.");
});

test("refuses a README without its markers", () => {
  expect(() => withTables("# Nothing", textOf("action.yml"))).toThrow("is missing");
});
