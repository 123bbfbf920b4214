import { expect, test } from "vitest";
import { mutationTables } from "../../scripts/mutation/table.ts";
import { textOf } from "./repository.ts";

const mutants = (...statuses: string[]) => ({ mutants: statuses.map((status) => ({ status })) });

test("mutationTables counts mutants per folder and lists the files with the lowest scores", () => {
  const files = {
    "src/core/poll-interval.ts": mutants("Killed", "Timeout", "Killed", "Survived", "Ignored"),
    "src/azure-devops/retry-policy.ts": mutants("Killed", "NoCoverage"),
    "src/lib/text.ts": mutants("Killed"),
  };
  const [folders = "", lowest = ""] = mutationTables({ files }).split("\n\n");
  expect(folders.split("\n").slice(2)).toEqual([
    "| `azure-devops` | 1 | 1 | 50 % |",
    "| `core` | 3 | 1 | 75 % |",
    "| `lib` | 1 | 0 | 100 % |",
    "| all of them | 5 | 2 | 71 % |",
  ]);
  expect(lowest.split("\n").slice(2)).toEqual([
    "| `azure-devops/retry-policy.ts` | 1 | 1 | 50 % |",
    "| `core/poll-interval.ts` | 3 | 1 | 75 % |",
    "| `lib/text.ts` | 1 | 0 | 100 % |",
  ]);
});

test("the total in docs/mutation.md is the sum of its folders", () => {
  const [table = ""] = textOf("docs/mutation.md").split("| lowest files");
  const rows = [...table.matchAll(/^\| (.+) \| (\d+) \| (\d+) \| \d+ % \|$/gm)];
  const sum = (column: number) => rows.slice(0, -1).reduce((all, row) => all + Number(row[column]), 0);
  expect(rows.at(-1)?.slice(1, 4)).toEqual(["all of them", String(sum(2)), String(sum(3))]);
});
