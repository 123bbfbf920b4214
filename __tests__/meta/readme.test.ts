import { expect, test } from "vitest";
import { withTables } from "../../scripts/readme/tables.ts";
import { fields } from "../../src/inputs/fields.ts";
import { textOf } from "./repository.ts";

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

test("shows both commands and the shortest workflow in its first screen", () => {
  const screen = readme.split("\n").slice(0, 40).join("\n");
  expect(screen).toContain("npm ci && npm start\nnpm ci && npm test");
  expect(screen).toMatch(/uses: OWNER\/run-azure-pipeline@/);
  expect(screen.slice(0, screen.indexOf("`COMMIT`"))).not.toContain("secrets.");
});

test("refuses a README without its markers", () => {
  expect(() => withTables("# Nothing", textOf("action.yml"))).toThrow("is missing");
});
