// Measures the costs of the action, as ratios within one run.

import { join } from "node:path";
import { exitOnInterrupt, numberOption, parseArguments, requireCurrentBundle } from "./arguments.ts";
import { measureLogStreaming } from "./bench/log-streaming.ts";
import { measurePolling } from "./bench/polling.ts";
import { median, repository } from "./bench/process.ts";
import { requestsPerPoll, requestsUntilStarted } from "./bench/requests.ts";
import { type Row, ratio, ratioRow, rowText } from "./bench/rows.ts";
import { measureSimultaneousWaits } from "./bench/simultaneous-waits.ts";
import { measureStartUp } from "./bench/start-up.ts";
import { idleHeapSizes, measureEnd, measureIdle } from "./bench/waiting.ts";
import { writeSection } from "./section.ts";

const usage = `npm run bench -- [options]    measures what the action costs

  --rounds  how often to start the process; the figure is the median (default: 31)
  --write   write the figures to docs/benchmarks.md`;

const values = parseArguments(usage, {
  rounds: { type: "string", default: "31" },
  write: { type: "boolean", default: false },
});

const rounds = numberOption("rounds", values.rounds, { min: 1, max: 1_000 });

/** Measurements that take seconds are repeated less often. */
const fewRounds = Math.max(1, Math.ceil(rounds / 6));

requireCurrentBundle();

exitOnInterrupt();

const rows: string[] = [];

const addRows = (...added: readonly Row[]) => {
  for (const row of added) {
    rows.push(rowText(row));
    console.log(rows.at(-1));
  }
};

addRows(...(await startRows()));
addRows(...(await requestRows()));
addRows(...(await pollRows()));
addRows(...(await endRows()));
addRows(...(await logRows()));
addRows(...(await idleRows()));
addRows(...(await simultaneousWaitRows()));

const page = `| what | figure | aim | |\n|---|--:|--:|---|\n${rows.join("\n")}`;

if (values.write) writeSection(join(repository, "docs/benchmarks.md"), "bench", page);

process.exit(0);

async function startRows(): Promise<readonly Row[]> {
  const { script, toolkit, toolkitWithYaml, plain, usual, usualWithYaml } = await measureStartUp(rounds);
  return [
    ratioRow(
      "plain start (`ref` and `token` given) to the first request, against `start.cjs`",
      [plain, script],
      {
        atMost: 1.75,
        unit: "ms",
        reason: "TLS, `crypto` and `@actions/core` are loaded, and the action's own code is compiled",
      },
    ),
    ratioRow("`toolkit.js`, against `start.cjs`", [toolkit, script]),
    ratioRow("usual start (`ref` inferred, `parameters` given), against `start.cjs`", [usual, script], {
      atMost: 2.15,
      unit: "ms",
      reason: "the action's own code is compiled, and the pipeline is read first",
    }),
    ratioRow("the same with `parameters` that need the YAML library", [usualWithYaml, script]),
    ratioRow("`toolkit-yaml.js`, against `start.cjs`", [toolkitWithYaml, script]),
  ];
}

async function requestRows(): Promise<readonly Row[]> {
  const start = await requestsUntilStarted();
  const poll = await requestsPerPoll();
  const row = (question: string, value: number, atMost: number): Row => ({
    ...{ question, value, atMost, figure: String(value), aim: String(atMost) },
  });
  return [
    row("requests until the run exists, with `pipeline-id` and `ref`", start.withRef, 1),
    row("the same, if the ref is inferred", start.withoutRef, 2),
    row("requests per poll, while the run is queued", poll.queued, 1),
    row("requests per poll, while it is running", poll.inProgress, 2),
  ];
}

async function pollRows(): Promise<readonly Row[]> {
  const few = await measurePolling(fewRounds, { records: 50, changed: 0 });
  const many = await measurePolling(fewRounds, { records: 5_000, changed: 0 });
  const busy = await measurePolling(fewRounds, { records: 5_000, changed: 10 });
  const processorTime = ({ action, script }: typeof few) => [action.pollMs, script.pollMs] as const;
  const memory = ({ action, script }: typeof few) => [action.peakMb, script.peakMb] as const;
  const reads = "`wait.cjs` with the timeline";
  return [
    ratioRow(`processor time of a poll, 50 records, none changed, against ${reads}`, processorTime(few), {
      unit: "ms",
    }),
    ratioRow("the same, 5,000 records, none changed", processorTime(many), {
      atMost: 2,
      unit: "ms",
      reason: "a poll also builds the run document, and decides what to log and which outputs to write",
    }),
    ratioRow("the same, 5,000 records, 10 changed", processorTime(busy), {
      atMost: 3,
      unit: "ms",
      reason: "the tasks of a changed job are copied, and searched for events and causes",
    }),
    ratioRow(
      "processor time of a poll with 5,000 records, against 50",
      [many.action.pollMs, few.action.pollMs],
      {
        atMost: 1.5,
        reason: "the run document contains every stage and job",
      },
    ),
    ratioRow("peak memory, 5,000 records, none changed", memory(many), {
      atMost: 1.3,
      unit: "MB",
      reason:
        "V8 compiles the functions that run for each record, and enlarges its heap while the whole timeline is read",
    }),
    ratioRow("peak memory, 5,000 records, 10 changed", memory(busy), {
      atMost: 1.3,
      unit: "MB",
      reason:
        "V8 compiles the functions that run for each record, and enlarges its heap while the whole timeline is read",
    }),
  ];
}

async function endRows(): Promise<readonly Row[]> {
  const { action, script } = await measureEnd(rounds);
  return [
    {
      question:
        "from the poll that sees the run's end to the end of the process (`wait.cjs`, without a summary)",
      figure: `${action.toFixed(1)} ms (${script.toFixed(1)} ms)`,
      value: action,
      ...{ atMost: 15, aim: "15 ms" },
      reason: "the last records, tests and artifacts are requested, and outputs and summary are written",
    },
  ];
}

async function logRows(): Promise<readonly Row[]> {
  const { megabytes, action, script } = await measureLogStreaming(Math.min(fewRounds, 3));
  return [
    ratioRow(
      `a log of ${Math.round(megabytes)} MB and a million lines, against \`prefix.cjs\`: processor time`,
      [action.cpuMs, script.cpuMs],
      {
        atMost: 1.8,
        unit: "ms",
        reason:
          "a quarter of it is the start and the end of the step, and each line is checked for workflow commands and secrets",
      },
    ),
    ratioRow("the same: peak memory", [action.peakMb, script.peakMb], { unit: "MB" }),
  ];
}

async function idleRows(): Promise<readonly Row[]> {
  const [idle, heaps] = await Promise.all([measureIdle(3), idleHeapSizes()]);
  const third = Math.floor(heaps.length / 3);
  const [early, late] = [median(heaps.slice(third, 2 * third)), median(heaps.slice(2 * third))];
  return [
    {
      question: "processor time of ten seconds between two polls (`wait.cjs`)",
      figure: `${idle.action.toFixed(1)} ms (${idle.script.toFixed(1)} ms)`,
      value: idle.action,
      ...{ atMost: 5.5, aim: "5.5 ms" },
      reason: "the step checks once a second whether its post step asks it to stop",
    },
    {
      question: "heap of an idle wait of six hours, last third against the second",
      figure: ratio(late, early),
      value: late / early,
      ...{ atMost: 1.02, aim: "flat" },
    },
  ];
}

async function simultaneousWaitRows(): Promise<readonly Row[]> {
  const script = await measureSimultaneousWaits("script");
  const action = await measureSimultaneousWaits("action");
  return action.map(({ waits, meanDelaySeconds, refused, lost }, index) => {
    const other = script[index];
    const fixed = other?.meanDelaySeconds ?? Number.NaN;
    const failures = `${refused} refusals to ${other?.refused}, ${lost} lost to ${other?.lost}`;
    return {
      question: `${waits} ${waits === 1 ? "wait" : "waits"} on one rate limit, against \`wait.cjs\`: mean seconds from a run's end to the end of its step`,
      figure: `${ratio(meanDelaySeconds, fixed)} (${meanDelaySeconds.toFixed(1)} to ${fixed.toFixed(1)} s; ${failures})`,
      value: lost > 0 ? Number.POSITIVE_INFINITY : meanDelaySeconds / fixed,
      ...{ atMost: 1.5, aim: "1.5 ×, none lost" },
      reason: "the end takes one more request, the last timeline, which the service delays too",
    };
  });
}
