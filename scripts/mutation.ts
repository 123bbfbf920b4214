// Writes the table of docs/mutation.md from reports/mutation.json, as `npm run mutation-tests` does at its end.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type MutationReport, missingIn, mutationTable } from "./mutation/table.ts";
import { writeSection } from "./section.ts";

const root = resolve(import.meta.dirname, "..");
const report = JSON.parse(readFileSync(join(root, "reports/mutation.json"), "utf8")) as MutationReport;
const missing = missingIn(report);
if (missing.length === 0) writeSection(join(root, "docs/mutation.md"), "mutation", mutationTable(report));
else console.log(`docs/mutation.md stays as it is: nothing was changed in ${missing.join(", ")}.`);
