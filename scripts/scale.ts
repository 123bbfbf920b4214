// Simultaneous waits with one identity, on a virtual clock, against a model of the service's rate limit.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArguments } from "./arguments.ts";
import { type Panel, renderChart } from "./scale/line-chart.ts";
import { type LoadResult, type PacingProfile, simulateLoad } from "./scale/load.ts";
import { limitUnits, unitsPerRequest } from "./scale/rate-limited-service.ts";
import { writeSection } from "./section.ts";

const usage = `npm run scale -- [--write]

  --write  docs/scale.svg, and its section of docs/benchmarks.md`;

const options = parseArguments(usage, { write: { type: "boolean", default: false } });

const sizes = [1, 10, 50, 100, 200, 500, 1_000, 2_000, 5_000];

const profiles: readonly PacingProfile[] = ["fixed", "adaptive"];

const docs = join(import.meta.dirname, "../docs");

const loadResults: LoadResult[] = [];

for (const size of sizes) {
  for (const profile of profiles) loadResults.push(await simulateLoad(size, profile));
}

const text = markdownSection(loadResults);

console.log(text);

if (options.write) {
  writeFileSync(join(docs, "scale.svg"), renderChart(panels(loadResults), "simultaneous waits"));
  writeSection(join(docs, "benchmarks.md"), "scale", text);
}

process.exit(loadResults.some(({ failed }) => failed > 0) ? 1 : 0);

function markdownSection(results: readonly LoadResult[]): string {
  const rows = results.map(
    ({ waits, profile, requests, delayed, blocked, peakUnits, detectionDelays, failed }) =>
      `| ${waits} | ${profile} | ${requests} | ${delayed} | ${blocked} | ${Math.round(peakUnits)} | ${percentile(detectionDelays, 0.5)} | ${percentile(detectionDelays, 0.95)} | ${percentile(detectionDelays, 1)} | ${failed} |`,
  );
  return `The loop that ships (\`src/app/wait-for-run.ts\`, its looker and its retries) on a virtual clock, \`poll-interval: 10s\`, each run ten to
fifty minutes long, against a model of the service's limit: ${limitUnits} units in five sliding minutes for one identity, ${unitsPerRequest} a
request (an assumption: the service publishes no price), beyond that answers are held back, half as much again and they
are 429 with \`Retry-After: 30\`. *fixed* is the same loop with a pace that never gives way.

![Requests and detection delay over the number of waits](scale.svg)

| waits | pace | requests | held back | refused (429) | peak units in 5 min | median s to see the end | 95 % | worst | lost |
|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|
${rows.join("\n")}`;
}

function panels(results: readonly LoadResult[]): Panel[] {
  const line = (profile: PacingProfile, y: (result: LoadResult) => number) => ({
    name: profile === "fixed" ? "fixed pace" : "pace that gives way",
    colour: profile === "fixed" ? "#b35900" : "#0969da",
    points: results
      .filter((result) => result.profile === profile)
      .map((result) => ({ x: result.waits, y: y(result) })),
  });
  const curves = (y: (result: LoadResult) => number) => profiles.map((profile) => line(profile, y));
  return [
    { title: "Answers held back or refused", curves: curves((result) => result.delayed + result.blocked) },
    { title: "Requests", curves: curves((result) => result.requests) },
    {
      title: "Seconds to see the end, 95 %",
      curves: curves((result) => percentile(result.detectionDelays, 0.95)),
    },
  ];
}

function percentile(sorted: readonly number[], share: number): number {
  return Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
}
