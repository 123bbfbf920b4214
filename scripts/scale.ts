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
  return `This simulation runs the shipped poll loop (\`src/app/wait-for-run.ts\` with its poller and retries) on a virtual clock, with \`poll-interval: 10s\` and
runs of ten to fifty minutes. The rate limit is a model: ${serviceLimit.units} units per identity in any five minutes, and ${serviceLimit.unitsPerRequest} units per request (an assumption,
since Microsoft publishes no figure). Above the limit, responses are delayed and have a \`Retry-After\`; above one and a half times the limit, they are
429 with \`Retry-After: 30\`. *fixed* is a minimal script: one request every ten seconds, which obeys the \`Retry-After\` of refused requests only, without
timeline and summary. *adaptive* is the shipped loop, up to and including the last timeline, which obeys \`Retry-After\` (decision 7): while the
service throttles, it first reads the timeline less often, then polls less often, and polls at \`poll-interval\` again when the run is expected to end. Each
row of up to 100 waits is the mean of several groups of that size, with 200 waits in all.

![Requests and detection delay over the number of waits](scale.svg)

| waits | interval | requests | delayed | refused (429) | peak units in 5 min | mean delay of the end (s) | median | 95 % | longest | lost |
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
      title: "Responses delayed or refused",
      curves: curves(({ delayed, blocked, groups }) => (delayed + blocked) / groups),
    },
    { title: "Requests", curves: curves(({ requests, groups }) => requests / groups) },
    {
      title: "Seconds until the end is seen, 95 %",
      curves: curves((result) => percentile(result.detectionDelays, 0.95)),
    },
  ];
}
