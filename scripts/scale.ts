// Simultaneous waits with one identity, on a virtual clock, against a model of the service's rate limit.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArguments } from "./arguments.ts";
import { type Panel, renderChart } from "./scale/line-chart.ts";
import { type LoadResult, type PacingProfile, simulateLoad } from "./scale/load.ts";
import { serviceLimit } from "./scale/rate-limited-service.ts";
import { loadRow, percentile } from "./scale/table.ts";
import { writeSection } from "./section.ts";

const usage = `npm run scale -- [options]    simulates thousands of waits with one identity

  --write  write docs/scale.svg and the figures of docs/benchmarks.md`;

const options = parseArguments(usage, { write: { type: "boolean", default: false } });

const sizes = [1, 10, 20, 40, 100, 200, 500, 1_000, 2_000, 5_000];

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
  const rows = results.map(loadRow);
  return `The shipped poll loop (\`src/app/wait-for-run.ts\` with its poller and retries) on a virtual clock, \`poll-interval: 10s\`, each run ten to
fifty minutes long, against a model of the service's rate limit: ${serviceLimit.units} units in five sliding minutes for one identity, ${serviceLimit.unitsPerRequest} a
request (an assumption: the service publishes no price). Beyond that, answers are delayed and have a \`Retry-After\`; beyond half as much
again, they are 429 with \`Retry-After: 30\`. *fixed* is a minimal script: one request every ten seconds, again after \`Retry-After\` where it
is refused, but at once where it is only delayed; no timeline and no summary. *adaptive* is the shipped loop, up to and including the last
timeline, before which it obeys every \`Retry-After\`: while the service throttles, it first reads the timeline less often, then polls less
often, and polls again at \`poll-interval\` when the run is expected to end.
Up to 100 waits a row is the mean of several crowds of that size, with 200 waits together.

![Requests and detection delay over the number of waits](scale.svg)

| waits | interval | requests | delayed | refused (429) | peak units in 5 min | mean s until the end is seen | median | 95 % | worst | lost |
|--:|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
${rows.join("\n")}`;
}

function panels(results: readonly LoadResult[]): Panel[] {
  const line = (profile: PacingProfile, y: (result: LoadResult) => number) => ({
    name: profile === "fixed" ? "fixed interval" : "adaptive interval",
    colour: profile === "fixed" ? "#b35900" : "#0969da",
    points: results
      .filter((result) => result.profile === profile)
      .map((result) => ({ x: result.waits, y: y(result) })),
  });
  const curves = (y: (result: LoadResult) => number) => profiles.map((profile) => line(profile, y));
  return [
    {
      title: "Answers delayed or refused",
      curves: curves(({ delayed, blocked, crowds }) => (delayed + blocked) / crowds),
    },
    { title: "Requests", curves: curves(({ requests, crowds }) => requests / crowds) },
    {
      title: "Seconds until the end is seen, 95 %",
      curves: curves((result) => percentile(result.detectionDelays, 0.95)),
    },
  ];
}
