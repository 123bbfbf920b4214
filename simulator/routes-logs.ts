import { type Answer, listOf, ok, problem } from "./answer.ts";
import { currentEntries } from "./answers-timeline.ts";
import type { Call } from "./call.ts";
import type { KeptLog } from "./log-book.ts";
import { logDate } from "./moments.ts";
import { route } from "./router.ts";
import { withBuild } from "./routes-builds.ts";
import { withRun } from "./routes-runs.ts";
import type { Run } from "./run.ts";
import { zipOf } from "./zip.ts";

export const logRoutes = [
  route("GET", "build/builds/{id}/logs", (call) => withBuild(call, (run) => listLogs(run, call))),
  route("GET", "build/builds/{id}/logs/{logId}", (call) => withBuild(call, (run) => readLog(run, call))),
  route("GET", "pipelines/{id}/runs/{runId}/logs", (call) => withRun(call, (run) => listRunLogs(run, call))),
];

function listLogs(run: Run, call: Call): Answer {
  currentEntries(run, call);
  if (call.accept.includes("application/zip")) return zipped(run);
  return listOf(
    run.logs.all().map((log) => ({ ...logFields(log, run), type: "Container", url: logUrl(log, run, call) })),
  );
}

function listRunLogs(run: Run, call: Call): Answer {
  currentEntries(run, call);
  const url = `${call.home}/_apis/pipelines/${run.spec.id}/runs/${run.id}/logs`;
  return ok({
    logs: run.logs.all().map((log) => ({ ...logFields(log, run), url: `${url}/${log.id}` })),
    url,
  });
}

function logFields(log: KeptLog, run: Run) {
  return {
    lineCount: lineCount(log, run),
    createdOn: run.date(log.source.start),
    lastChangedOn: run.date(log.source.end),
    id: log.id,
  };
}

function logUrl(log: KeptLog, run: Run, call: Call): string {
  return `${call.home}/_apis/build/builds/${run.id}/logs/${log.id}`;
}

function readLog(run: Run, call: Call): Answer {
  currentEntries(run, call);
  const id = call.params["logId"] ?? "";
  const log = run.logs.find(Number(id));
  if (log === undefined) {
    const message = `The log with ID ${id} could not be found.`;
    return problem({ status: 404, typeKey: "BuildLogNotFoundException", message });
  }
  const range = rangeOf(log, run, call);
  if (call.accept.includes("application/json")) {
    return { status: 200, type: jsonType, body: jsonLines(log, run, range) };
  }
  return { status: 200, type: "text/plain; charset=utf-8", body: textLines(log, run, range) };
}

const jsonType = "application/json; charset=utf-8; api-version=7.1";

interface Range {
  /** Lines before it, and lines up to its end. */
  readonly from: number;
  readonly to: number;
}

/** A log may still be growing when it is read the first times. */
function rangeOf(log: KeptLog, run: Run, call: Call): Range {
  log.reads += 1;
  const { growingLogs = 0, logLineBase = 1 } = call.world.quirks;
  const there = log.reads <= growingLogs ? Math.floor(lineCount(log, run) / 2) : Infinity;
  const start = call.query.number("startLine");
  const end = call.query.number("endLine");
  const from = start === undefined ? 0 : Math.max(0, start - logLineBase);
  const to = end === undefined ? Infinity : end - logLineBase + 1;
  return { from, to: Math.min(to, there) };
}

function lineCount(log: KeptLog, run: Run): number {
  if (log.lineCount === undefined) {
    let count = 0;
    for (const _ of linesOf(log, run)) count += 1;
    log.lineCount = count;
  }
  return log.lineCount;
}

/** Each write has its own timestamp, but not each line of it. */
function* linesOf(log: KeptLog, run: Run): Generator<string> {
  const { source, timed } = log;
  let writes = 0;
  let stamp = { at: Number.NaN, text: "" };
  for (const write of source.lines()) {
    const at = run.queuedAt + Math.min(source.start + writes / 100, source.end) * 1000;
    if (at !== stamp.at) stamp = { at, text: timed ? `${logDate(at)} ` : "" };
    writes += 1;
    const [first = "", ...rest] = write.split("\n");
    yield `${stamp.text}${first}`;
    yield* rest;
  }
}

function* between(log: KeptLog, run: Run, { from, to }: Range): Generator<string> {
  let index = 0;
  for (const line of linesOf(log, run)) {
    if (index >= to) return;
    if (index >= from) yield line;
    index += 1;
  }
}

/** Begins with a byte order mark, as every uploaded page does. */
function* textLines(log: KeptLog, run: Run, range: Range): Generator<string> {
  if (range.from === 0 && log.timed) yield "\uFEFF";
  for (const line of between(log, run, range)) yield `${line}\n`;
}

function* jsonLines(log: KeptLog, run: Run, range: Range): Generator<string> {
  const count = Math.max(0, Math.min(range.to, lineCount(log, run)) - range.from);
  yield `{"count":${count},"value":[`;
  let first = true;
  for (const line of between(log, run, range)) {
    yield `${first ? "" : ","}${JSON.stringify(line)}`;
    first = false;
  }
  yield "]}";
}

function zipped(run: Run): Answer {
  const files = run.logs
    .all()
    .map((log) => [`${log.id}.txt`, [...textLines(log, run, { from: 0, to: Infinity })].join("")] as const);
  return { status: 200, type: "application/zip", body: zipOf(Object.fromEntries(files)) };
}
