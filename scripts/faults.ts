// The fault campaign: scenarios × faults × moments, drawn from a seed, the shipped bundle against the simulator.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { exitOnInterrupt, fail, numberOption, parseArguments, requireCurrentBundle } from "./arguments.ts";
import { type Outcome, runCampaign } from "./faults/campaign.ts";
import { runSoak } from "./faults/soak.ts";
import { reliabilityTables, soakSection } from "./faults/table.ts";
import { writeSection } from "./section.ts";

const usage = `npm run faults -- [options]    runs the fault campaign of docs/reliability.md

  --seed     what the cases are drawn from (default: another each time)
  --runs     number of cases (default: 360)
  --only     numbers of the cases to run, such as 7,12 (default: all)
  --log      print the log and the requests of each case
  --at-once  number of cases that run at the same time (default: 16)
  --soak     run one step for minutes instead, and check that its memory, handles and sockets stay flat
  --seconds  how long the soak's run takes (default: 600)
  --bundle   file to run instead of dist/index.js
  --write    write the results to docs/reliability.md`;
const options = parseArguments(usage, {
  seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
  runs: { type: "string", default: "360" },
  only: { type: "string" },
  log: { type: "boolean", default: false },
  soak: { type: "boolean", default: false },
  seconds: { type: "string", default: "600" },
  bundle: { type: "string" },
  "at-once": { type: "string", default: "16" },
  write: { type: "boolean", default: false },
});
const seed = numberOption("seed", options.seed, { min: 0, max: 2 ** 31 });
const runs = numberOption("runs", options.runs, { min: 1, max: 100_000 });
const concurrency = numberOption("at-once", options["at-once"], { min: 1, max: 1_000 });
const only = options.only?.split(",").map((number) => numberOption("only", number, { min: 1, max: runs }));
if (options.bundle === undefined) requireCurrentBundle();
else if (!existsSync(options.bundle)) fail(`--bundle: there is no file ${options.bundle}.`);
const seconds = numberOption("seconds", options.seconds, { min: 10, max: 86_400 });
const reliabilityPage = join(import.meta.dirname, "../docs/reliability.md");
const { bundle } = options;
exitOnInterrupt();
const hasPassed = options.soak ? await soak() : await campaign();
process.exit(hasPassed ? 0 : 1);

async function campaign(): Promise<boolean> {
  console.log(`${runs} cases, --seed ${seed}`);
  const startedAt = performance.now();
  const outcomes = await runCampaign({
    seed,
    runs,
    ...(only !== undefined && { only }),
    bundle,
    concurrency,
    timeoutMs: 150_000,
    onOutcome: printOutcome,
  });
  const elapsedSeconds = Math.round((performance.now() - startedAt) / 1_000);
  const failed = outcomes.filter((outcome) => outcome.violations.length > 0);
  const page = reliabilityTables(outcomes, { seed });
  console.log(page.slice(page.indexOf("| ")));
  console.log(
    `${outcomes.length} cases in ${elapsedSeconds} s, ${failed.length} violated an invariant. --seed ${seed}`,
  );
  if (options.write) writeSection(reliabilityPage, "faults", page);
  return failed.length === 0;
}

async function soak(): Promise<boolean> {
  console.log(`a soak of ${seconds} s, --seed ${seed}`);
  const result = await runSoak({ seed, seconds, bundle });
  const section = soakSection(result, { seed, seconds });
  console.log(section);
  if (options.log) console.log(result.caseRun.result?.main.log);
  for (const violation of result.violations) console.error(violation);
  if (options.write) writeSection(reliabilityPage, "soak", section);
  return result.violations.length === 0;
}

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
