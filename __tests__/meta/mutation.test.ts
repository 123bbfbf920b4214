import { expect, test } from "vitest";
import { missingIn, mutationTable } from "../../scripts/mutation/table.ts";
import { filesOf, textOf } from "./repository.ts";

const page = textOf("docs/mutation.md");
const [, table = ""] = page.split(/<!-- \/?mutation -->/);
const tabled = [...table.matchAll(/`((?:app|core|azure)\/[\w-]+\.ts)`/g)].map(([, file = ""]) => file);
const mutants = (...statuses: string[]) => ({ mutants: statuses.map((status) => ({ status })) });
const whole = Object.fromEntries(tabled.map((file) => [`src/${file}`, mutants("Killed")]));

test("the page has the files of the table, and each is there", () => {
  expect(missingIn({ files: {} }).toSorted()).toEqual(tabled.toSorted());
  expect(filesOf("src/*.ts")).toEqual(expect.arrayContaining(Object.keys(whole)));
});

test("a report of other files only is no reason to write the table", () => {
  expect(missingIn({ files: whole })).toEqual([]);
  const { "src/azure/retry.ts": _, ...rest } = whole;
  expect(missingIn({ files: rest })).toEqual(["azure/retry.ts"]);
});

test("counts what was found and what was not, and adds it up", () => {
  const files = {
    ...whole,
    "src/azure/retry.ts": mutants("Killed", "Timeout", "Survived", "NoCoverage", "Ignored"),
    "src/core/pace.ts": mutants("Killed", "Killed", "Survived"),
  };
  const written = mutationTable({ files });
  expect(written).toContain("| `azure/retry.ts` | 2 | 2 | 50 % |");
  expect(written).toContain("| `core/backoff.ts`, `core/pace.ts` | 3 | 1 | 75 % |");
  expect(written.split("\n").at(-1)).toBe(`| all of them | ${tabled.length + 2} | 3 | 85 % |`);
  expect(written.split("\n").at(-2)).toContain("50 %");
});

test("the sum on the page is the sum of its rows", () => {
  const rows = [...page.matchAll(/^\| (.+) \| (\d+) \| (\d+) \| \d+ % \|$/gm)];
  const sum = (column: number) => rows.slice(0, -1).reduce((all, row) => all + Number(row[column]), 0);
  expect(rows.at(-1)?.slice(1, 4)).toEqual(["all of them", String(sum(2)), String(sum(3))]);
});
