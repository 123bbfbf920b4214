import { toLogTimestamp } from "../engine/dates.ts";
import type { Run } from "../engine/run.ts";
import type { StoredLog } from "../engine/run-logs.ts";
import { type ApiResponse, errorResponse, listOf, ok } from "../http/response.ts";
import { createZip } from "../http/zip.ts";
import type { ApiRequest } from "./request.ts";
import { route } from "./router.ts";
import { withBuild } from "./routes-builds.ts";
import { withRun } from "./routes-runs.ts";
import { currentEntries } from "./timeline-json.ts";

export const logRoutes = [
  route("GET", "build/builds/{id}/logs", (request) => withBuild(request, (run) => listLogs(run, request))),
  route("GET", "build/builds/{id}/logs/{logId}", (request) =>
    withBuild(request, (run) => readLog(run, request)),
  ),
  route("GET", "pipelines/{id}/runs/{runId}/logs", (request) =>
    withRun(request, (run) => listRunLogs(run, request)),
  ),
];

function listLogs(run: Run, request: ApiRequest): ApiResponse {
  currentEntries(run, request);
  if (request.accept.includes("application/zip")) return logsAsZip(run);
  return listOf(
    run.logs
      .all()
      .map((log) => ({ ...logFields(log, run), type: "Container", url: logUrl(log, run, request) })),
  );
}

function listRunLogs(run: Run, request: ApiRequest): ApiResponse {
  currentEntries(run, request);
  const url = `${request.projectUrl}/_apis/pipelines/${run.spec.id}/runs/${run.id}/logs`;
  return ok({
    logs: run.logs.all().map((log) => ({ ...logFields(log, run), url: `${url}/${log.id}` })),
    url,
  });
}

function logFields(log: StoredLog, run: Run) {
  return {
    lineCount: lineCount(log, run),
    createdOn: run.date(log.source.start),
    lastChangedOn: run.date(log.source.end),
    id: log.id,
  };
}

function logUrl(log: StoredLog, run: Run, request: ApiRequest): string {
  return `${request.projectUrl}/_apis/build/builds/${run.id}/logs/${log.id}`;
}

function readLog(run: Run, request: ApiRequest): ApiResponse {
  currentEntries(run, request);
  const id = request.params["logId"] ?? "";
  const log = run.logs.find(Number(id));
  if (log === undefined) {
    const message = `The log with ID ${id} could not be found.`;
    return errorResponse({ status: 404, typeKey: "BuildLogNotFoundException", message });
  }
  const range = rangeOf(log, run, request);
  if (request.accept.includes("application/json")) {
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
function rangeOf(log: StoredLog, run: Run, request: ApiRequest): Range {
  log.readCount += 1;
  const { growingLogs = 0, logLineBase = 1 } = request.state.quirks;
  const availableLines = log.readCount <= growingLogs ? Math.floor(lineCount(log, run) / 2) : Infinity;
  const start = request.query.number("startLine");
  const end = request.query.number("endLine");
  const from = start === undefined ? 0 : Math.max(0, start - logLineBase);
  const to = end === undefined ? Infinity : end - logLineBase + 1;
  return { from, to: Math.min(to, availableLines) };
}

function lineCount(log: StoredLog, run: Run): number {
  if (log.lineCount === undefined) {
    let count = 0;
    for (const _ of linesOf(log, run)) count += 1;
    log.lineCount = count;
  }
  return log.lineCount;
}

/** Each write has its own timestamp, but not each line of it. */
function* linesOf(log: StoredLog, run: Run): Generator<string> {
  const { source, hasTimestamps } = log;
  let writes = 0;
  let stamp = { at: Number.NaN, text: "" };
  for (const write of source.lines()) {
    const at = run.queuedAt + Math.min(source.start + writes / 100, source.end) * 1000;
    if (at !== stamp.at) stamp = { at, text: hasTimestamps ? `${toLogTimestamp(at)} ` : "" };
    writes += 1;
    const [first = "", ...rest] = write.split("\n");
    yield `${stamp.text}${first}`;
    yield* rest;
  }
}

function* linesInRange(log: StoredLog, run: Run, { from, to }: Range): Generator<string> {
  let index = 0;
  for (const line of linesOf(log, run)) {
    if (index >= to) return;
    if (index >= from) yield line;
    index += 1;
  }
}

/** Begins with a byte order mark, as every uploaded page does. */
function* textLines(log: StoredLog, run: Run, range: Range): Generator<string> {
  if (range.from === 0 && log.hasTimestamps) yield "\uFEFF";
  for (const line of linesInRange(log, run, range)) yield `${line}\n`;
}

function* jsonLines(log: StoredLog, run: Run, range: Range): Generator<string> {
  const count = Math.max(0, Math.min(range.to, lineCount(log, run)) - range.from);
  yield `{"count":${count},"value":[`;
  let first = true;
  for (const line of linesInRange(log, run, range)) {
    yield `${first ? "" : ","}${JSON.stringify(line)}`;
    first = false;
  }
  yield "]}";
}

function logsAsZip(run: Run): ApiResponse {
  const files = run.logs
    .all()
    .map((log) => [`${log.id}.txt`, [...textLines(log, run, { from: 0, to: Infinity })].join("")] as const);
  return { status: 200, type: "application/zip", body: createZip(Object.fromEntries(files)) };
}
