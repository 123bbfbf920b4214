// Writes what is generated of the README (tables from action.yml, the log of a demo run) and docs/sample-summary.md.
import { readFileSync, writeFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { exitOnInterrupt, parseArguments, requireCurrentBundle } from "./arguments.ts";
import { logSample, runSample, summaryPage, withoutTimes } from "./readme/sample.ts";
import { withTables } from "./readme/tables.ts";
import { withSection } from "./section.ts";

parseArguments(
  "npm run readme    writes the tables and samples of README.md and docs/sample-summary.md (no options)",
  {},
);
requireCurrentBundle();
exitOnInterrupt();
const root = resolve(import.meta.dirname, "..");
const readme = resolve(root, "README.md");
const sample = await runSample();
const tables = withTables(readFileSync(readme, "utf8"), readFileSync(resolve(root, "action.yml"), "utf8"));
write(readme, withSection(tables, "log", logSample(sample)));
write(resolve(root, "docs/sample-summary.md"), summaryPage(sample));

/** Times differ with each run of the demo: for them alone no file changes. */
function write(file: string, text: string): void {
  const isNew = withoutTimes(text) !== withoutTimes(readFileSync(file, "utf8"));
  if (isNew) writeFileSync(file, text);
  console.log(`${relative(root, file)} ${isNew ? "was updated" : "was up to date"}.`);
}
