import { expect, test } from "vitest";
import { mutationTables } from "../../scripts/mutation/table.ts";
import { textOf } from "./repository.ts";

const mutants = (...statuses: string[]) => ({ mutants: statuses.map((status) => ({ status })) });

test("mutants are counted by folder, and the lowest files are named", () => {
  const files = {
    "src/core/pace.ts": mutants("Killed", "Timeout", "Killed", "Survived", "Ignored"),
    "src/azure/retry.ts": mutants("Killed", "NoCoverage"),
    "src/core/text.ts": mutants("Killed"),
  };
  const [folders = "", lowest = ""] = mutationTables({ files }).split("\n\n");
  expect(folders.split("\n").slice(2)).toEqual([
    "| `azure` | 1 | 1 | 50 % |",
    "| `core` | 4 | 1 | 80 % |",
    "| all of them | 5 | 2 | 71 % |",
  ]);
  expect(lowest.split("\n").slice(2)).toEqual([
    "| `azure/retry.ts` | 1 | 1 | 50 % |",
    "| `core/pace.ts` | 3 | 1 | 75 % |",
    "| `core/text.ts` | 1 | 0 | 100 % |",
  ]);
});

test("the sum on the page is the sum of its folders", () => {
  const [table = ""] = textOf("docs/mutation.md").split("| lowest files");
  const rows = [...table.matchAll(/^\| (.+) \| (\d+) \| (\d+) \| \d+ % \|$/gm)];
  const sum = (column: number) => rows.slice(0, -1).reduce((all, row) => all + Number(row[column]), 0);
  expect(rows.at(-1)?.slice(1, 4)).toEqual(["all of them", String(sum(2)), String(sum(3))]);
});
