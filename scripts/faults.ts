// The fault campaign: scenarios × faults × moments, drawn from a seed, the shipped bundle against the simulator.
import { join } from "node:path";
import { argumentsOf } from "./arguments.ts";
import { campaign, type Outcome } from "./faults/campaign.ts";
import { reliability } from "./faults/table.ts";
import { writeSection } from "./section.ts";

const usage = `npm run faults -- [--seed N] [--runs 360] [--only 7,12] [--log] [--at-once 16] [--bundle FILE] [--write]

  --seed     what the cases are drawn from; blank: another each time
  --only     these cases of it, by number
  --log      what each of them said and asked
  --at-once  cases under way at the same time
  --bundle   another bundle than dist/index.js
  --write    into docs/reliability.md`;
const values = argumentsOf(usage, {
  seed: { type: "string", default: String(Math.floor(Math.random() * 2 ** 31)) },
  runs: { type: "string", default: "360" },
  only: { type: "string" },
  log: { type: "boolean", default: false },
  bundle: { type: "string" },
  "at-once": { type: "string", default: "16" },
  write: { type: "boolean", default: false },
});
const seed = Number(values.seed);
const runs = Number(values.runs);
console.log(`${runs} cases, --seed ${seed}`);
const began = performance.now();
const outcomes = await campaign({
  seed,
  runs,
  ...(values.only !== undefined && { only: values.only.split(",").map(Number) }),
  bundle: values.bundle,
  atOnce: Number(values["at-once"]),
  limitMs: 150_000,
  onOutcome: tell,
});
const seconds = Math.round((performance.now() - began) / 1_000);
const broken = outcomes.filter((outcome) => outcome.breaches.length > 0);
const page = reliability(outcomes, { seed });
console.log(page.slice(page.indexOf("| ")));
console.log(`${outcomes.length} cases in ${seconds} s, ${broken.length} broke a law. --seed ${seed}`);
if (values.write) writeSection(join(import.meta.dirname, "../docs/reliability.md"), "faults", page);
process.exit(broken.length === 0 ? 0 : 1);

function tell({ one, played, breaches }: Outcome): void {
  const { main, post } = played.result ?? {};
  if (values.log)
    console.log(
      `${main?.log}\n-- post: ${post?.log}\n${played.requests.map(({ method, path, at }) => `${at} ${method} ${path}`).join("\n")}`,
    );
  if (breaches.length === 0) return;
  console.error(
    `case ${one.number} (--seed ${seed} --only ${one.number}): ${breaches.map(({ how }) => how).join("; ")}\n  ${JSON.stringify(one)}`,
  );
}
