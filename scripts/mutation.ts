// Writes the tables of docs/mutation.md from reports/mutation.json, as `npm run mutation-tests` does at its end.
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { fail, parseArguments } from "./arguments.ts";
import { type MutationReport, mutationTables } from "./mutation/table.ts";
import { writeSection } from "./section.ts";

const root = resolve(import.meta.dirname, "..");
const read = (path: string) => JSON.parse(readFileSync(join(root, path), "utf8"));
parseArguments(
  "node scripts/mutation.ts    writes docs/mutation.md from reports/mutation.json (no options)",
  {},
);
if (!existsSync(join(root, "reports/mutation.json")))
  fail("reports/mutation.json is missing: run `npm run mutation-tests`.");
const report = read("reports/mutation.json") as MutationReport;
const { mutate } = read("mutation-tests/stryker.config.json") as { readonly mutate: readonly string[] };
if (isDeepStrictEqual(report.config?.mutate, mutate))
  writeSection(join(root, "docs/mutation.md"), "mutation", mutationTables(report));
else console.log("docs/mutation.md was not changed, since only a part was run.");
