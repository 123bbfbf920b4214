// Simultaneous waits with one identity, on a virtual clock, against a model of the service's rate limit.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { argumentsOf } from "./arguments.ts";
import { chart, type Panel } from "./scale/curve.ts";
import { limitUnits, unitsOfRequest } from "./scale/service.ts";
import { type Crowd, crowd, type Manner } from "./scale/waits.ts";
import { writeSection } from "./section.ts";

const usage = `npm run scale -- [--write]

  --write  docs/scale.svg, and its section of docs/benchmarks.md`;
const values = argumentsOf(usage, { write: { type: "boolean", default: false } });
const sizes = [1, 10, 50, 100, 200, 500, 1_000, 2_000, 5_000];
const manners: readonly Manner[] = ["fixed", "yielding"];
const docs = join(import.meta.dirname, "../docs");

const crowds: Crowd[] = [];
for (const size of sizes) {
  for (const manner of manners) crowds.push(await crowd(size, manner));
}
const text = page(crowds);
console.log(text);
if (values.write) {
  writeFileSync(join(docs, "scale.svg"), chart(panels(crowds), "simultaneous waits"));
  writeSection(join(docs, "benchmarks.md"), "scale", text);
}
process.exit(crowds.some(({ lost }) => lost > 0) ? 1 : 0);

function page(all: readonly Crowd[]): string {
  const rows = all.map(
    ({ waits, manner, requests, heldBack, refused, peakUnits, delays, lost }) =>
      `| ${waits} | ${manner} | ${requests} | ${heldBack} | ${refused} | ${Math.round(peakUnits)} | ${at(delays, 0.5)} | ${at(delays, 0.95)} | ${at(delays, 1)} | ${lost} |`,
  );
  return `The loop that ships (\`src/app/wait-for-run.ts\`, its looker and its retries) on a virtual clock, \`poll-interval: 10s\`, each run ten to
fifty minutes long, against a model of the service's limit: ${limitUnits} units in five sliding minutes for one identity, ${unitsOfRequest} a
request (an assumption: the service publishes no price), beyond that answers are held back, half as much again and they
are 429 with \`Retry-After: 30\`. *fixed* is the same loop with a pace that never gives way.

![Requests and detection delay over the number of waits](scale.svg)

| waits | pace | requests | held back | refused (429) | peak units in 5 min | median s to see the end | 95 % | worst | lost |
|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|
${rows.join("\n")}`;
}

function panels(all: readonly Crowd[]): Panel[] {
  const line = (manner: Manner, y: (crowd: Crowd) => number) => ({
    name: manner === "fixed" ? "fixed pace" : "pace that gives way",
    colour: manner === "fixed" ? "#b35900" : "#0969da",
    points: all.filter((one) => one.manner === manner).map((one) => ({ x: one.waits, y: y(one) })),
  });
  const curves = (y: (crowd: Crowd) => number) => manners.map((manner) => line(manner, y));
  return [
    { title: "Answers held back or refused", curves: curves((one) => one.heldBack + one.refused) },
    { title: "Requests", curves: curves((one) => one.requests) },
    { title: "Seconds to see the end, 95 %", curves: curves((one) => at(one.delays, 0.95)) },
  ];
}

function at(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
}
