// The fault campaign: scenarios × faults × moments, drawn from a seed, the shipped bundle against the simulator.
import { join } from "node:path";
import { parseArguments } from "./arguments.ts";
import { type Outcome, runCampaign } from "./faults/campaign.ts";
import { reliabilityTables } from "./faults/table.ts";
import { writeSection } from "./section.ts";

const usage = `npm run faults -- [--seed N] [--runs 360] [--only 7,12] [--log] [--at-once 16] [--bundle FILE] [--write]

  --seed     what the cases are drawn from; blank: another each time
  --only     these cases of it, by number
  --log      what each of them said and asked
  --at-once  cases under way at the same time
  --bundle   another bundle than dist/index.js
  --write    into docs/reliability.md`;
const options = parseArguments(usage, {
  seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
  runs: { type: "string", default: "360" },
  only: { type: "string" },
  log: { type: "boolean", default: false },
  bundle: { type: "string" },
  "at-once": { type: "string", default: "16" },
  write: { type: "boolean", default: false },
});
const seed = Number(options.seed);
const runs = Number(options.runs);
console.log(`${runs} cases, --seed ${seed}`);
const startedAt = performance.now();
const outcomes = await runCampaign({
  seed,
  runs,
  ...(options.only !== undefined && { only: options.only.split(",").map(Number) }),
  bundle: options.bundle,
  concurrency: Number(options["at-once"]),
  timeoutMs: 150_000,
  onOutcome: printOutcome,
});
const seconds = Math.round((performance.now() - startedAt) / 1_000);
const failed = outcomes.filter((outcome) => outcome.violations.length > 0);
const page = reliabilityTables(outcomes, { seed });
console.log(page.slice(page.indexOf("| ")));
console.log(`${outcomes.length} cases in ${seconds} s, ${failed.length} broke a law. --seed ${seed}`);
if (options.write) writeSection(join(import.meta.dirname, "../docs/reliability.md"), "faults", page);
process.exit(failed.length === 0 ? 0 : 1);

function printOutcome({ testCase, caseRun, violations }: Outcome): void {
  const { main, post } = caseRun.result ?? {};
  if (options.log)
    console.log(
      `${main?.log}\n-- post: ${post?.log}\n${caseRun.requests.map(({ method, path, at }) => `${at} ${method} ${path}`).join("\n")}`,
    );
  if (violations.length === 0) return;
  console.error(
    `case ${testCase.number} (--seed ${seed} --only ${testCase.number}): ${violations.map(({ message }) => message).join("; ")}\n  ${JSON.stringify(testCase)}`,
  );
}
