// What the action costs, as ratios within one run.
import { join } from "node:path";
import { argumentsOf } from "./arguments.ts";
import { endToEnd, idleHours, lookingAt, requestsBeforeTheRun, requestsPerLook } from "./bench/course.ts";
import { median, repository } from "./bench/process.ts";
import { relay } from "./bench/relay.ts";
import { startUp } from "./bench/start-up.ts";
import { writeSection } from "./section.ts";

const usage = `npm run bench -- [--rounds 31] [--write]

  --rounds  starts of the process to take the median of
  --write   into docs/benchmarks.md`;
const values = argumentsOf(usage, {
  rounds: { type: "string", default: "31" },
  write: { type: "boolean", default: false },
});
const rounds = Number(values.rounds);
const rows: string[] = [];
const tell = (what: string, figure: string, aim: string) => {
  rows.push(`| ${what} | ${figure} | ${aim} |`);
  console.log(rows.at(-1));
};
const times = (ratio: number) => `${ratio.toFixed(2)} ×`;
const ms = (milliseconds: number) => `${milliseconds.toFixed(1)} ms`;

const start = await startUp(rounds);
tell(
  "start-up to the first request, against a `node:http` script (`import`) that only sends the POST",
  times(start.action / start.imported),
  "1.3 ×",
);
tell("the same, against one that says `require`", times(start.action / start.required), "");
tell("the same, against `node -e 0`, which sends nothing", times(start.action / start.nothing), "");

const before = await requestsBeforeTheRun();
tell("requests until the run exists, with id and ref", String(before.withRef), "1");
tell("the same, where the ref is to be guessed", String(before.withoutRef), "2");
const perLook = await requestsPerLook();
tell("requests a look, while the run is queued", perLook.queued.toFixed(1), "1");
tell("requests a look, while it is under way", perLook.underWay.toFixed(1), "2");

tell(
  "from the look that sees the end to the process's end, outputs and summary written",
  ms(await endToEnd(rounds)),
  "15 ms",
);

const few: number[] = [];
const many: number[] = [];
for (let round = 0; round < 3; round += 1) {
  few.push(await lookingAt(50));
  many.push(await lookingAt(5_000));
}
tell("processor time of 60 looks at 5,000 records, against 50", times(median(many) / median(few)), "2 ×");

const log = await relay(3);
tell(
  `a log of ${Math.round(log.megabytes)} MB and a million lines, against a stream that only prefixes: processor time`,
  times(log.ratio),
  "3 ×",
);
tell(
  "the same: memory at its peak",
  `${Math.round(log.peakMb)} MB (that stream: ${Math.round(log.plainPeakMb)})`,
  "150 MB",
);

const heaps = await idleHours();
const third = Math.floor(heaps.length / 3);
const [early, late] = [median(heaps.slice(third, 2 * third)), median(heaps.slice(2 * third))];
tell("heap of an idle wait of six hours, last third against the second", times(late / early), "flat");

const page = `| what | figure | at most |\n|---|--:|--:|\n${rows.join("\n")}`;
if (values.write) writeSection(join(repository, "docs/benchmarks.md"), "bench", page);
process.exit(0);
