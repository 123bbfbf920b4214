// What the action costs, as ratios within one run.

import { join } from "node:path";
import { numberOption, parseArguments, requireCurrentBundle } from "./arguments.ts";
import { measureLogStreaming } from "./bench/log-streaming.ts";
import { median, repository } from "./bench/process.ts";
import {
  exitLatency,
  idleHeapSizes,
  pollingCpuTime,
  requestsPerPoll,
  requestsUntilStarted,
} from "./bench/scenario.ts";
import { measureStartUp } from "./bench/start-up.ts";
import { writeSection } from "./section.ts";

const usage = `npm run bench -- [options]    measures what the action costs

  --rounds  how often to start the process; the figure is the median (default: 31)
  --write   write the figures to docs/benchmarks.md`;

const values = parseArguments(usage, {
  rounds: { type: "string", default: "31" },
  write: { type: "boolean", default: false },
});

const rounds = numberOption("rounds", values.rounds, { min: 1, max: 1_000 });

requireCurrentBundle();

const rows: string[] = [];

const addRow = (metric: string, value: string, limit: string) => {
  rows.push(`| ${metric} | ${value} | ${limit} |`);
  console.log(rows.at(-1));
};

const formatRatio = (ratio: number) => `${ratio.toFixed(2)} ×`;

const formatMs = (milliseconds: number) => `${milliseconds.toFixed(1)} ms`;

const start = await measureStartUp(rounds);

addRow(
  "start-up to the first request, against a `node:http` script (`import`) that only sends the POST",
  formatRatio(start.action / start.imported),
  "1.3 ×",
);

addRow("the same, against one that says `require`", formatRatio(start.action / start.required), "");

addRow("the same, against `node -e 0`, which sends nothing", formatRatio(start.action / start.nothing), "");

const startRequests = await requestsUntilStarted();

addRow("requests until the run exists, with id and ref", String(startRequests.withRef), "1");

addRow("the same, where the ref is to be guessed", String(startRequests.withoutRef), "2");

const pollRequests = await requestsPerPoll();

addRow("requests per poll, while the run is queued", pollRequests.queued.toFixed(1), "1");

addRow("requests per poll, while it is running", pollRequests.inProgress.toFixed(1), "2");

addRow(
  "from the look that sees the end to the process's end, outputs and summary written",
  formatMs(await exitLatency(rounds)),
  "15 ms",
);

const fewRecords: number[] = [];

const manyRecords: number[] = [];

for (let round = 0; round < 3; round += 1) {
  fewRecords.push(await pollingCpuTime(50));
  manyRecords.push(await pollingCpuTime(5_000));
}

addRow(
  "processor time of 60 polls with 5,000 records, against 50",
  formatRatio(median(manyRecords) / median(fewRecords)),
  "2 ×",
);

const logStreaming = await measureLogStreaming(3);

addRow(
  `a log of ${Math.round(logStreaming.megabytes)} MB and a million lines, against a stream that only prefixes: processor time`,
  formatRatio(logStreaming.ratio),
  "3 ×",
);

addRow(
  "the same: memory at its peak",
  `${Math.round(logStreaming.peakMb)} MB (that stream: ${Math.round(logStreaming.plainPeakMb)})`,
  "150 MB",
);

const heaps = await idleHeapSizes();

const third = Math.floor(heaps.length / 3);

const [early, late] = [median(heaps.slice(third, 2 * third)), median(heaps.slice(2 * third))];

addRow("heap of an idle wait of six hours, last third against the second", formatRatio(late / early), "flat");

const page = `| what | figure | at most |\n|---|--:|--:|\n${rows.join("\n")}`;

if (values.write) writeSection(join(repository, "docs/benchmarks.md"), "bench", page);

process.exit(0);
