import type { Run } from "../engine/run.ts";
import type { StoredLog } from "../engine/run-logs.ts";
import { type ApiResponse, errorResponse, listOf, ok } from "../http/response.ts";
import { createZip } from "../http/zip.ts";
import { type LogRange, lineCount, linesInRange, logLines, logToken } from "./log-content.ts";
import type { ApiRequest } from "./request.ts";
import { route } from "./router.ts";
import { withBuild } from "./routes-builds.ts";
import { withRun } from "./routes-runs.ts";
import { signedContentOf } from "./signed-content.ts";
import { currentEntries } from "./timeline-json.ts";
import { jsonContentType } from "./versions.ts";

export const logRoutes = [
  route("GET", "build/builds/{id}/logs", (request) => withBuild(request, (run) => listLogs(run, request))),
  route("GET", "build/builds/{id}/logs/{logId}", (request) =>
    withBuild(request, (run) => readLog(run, request)),
  ),
  route("GET", "pipelines/{id}/runs/{runId}/logs", (request) =>
    withRun(request, (run) => listRunLogs(run, request)),
  ),
  route("GET", "pipelines/{id}/runs/{runId}/logs/{logId}", (request) =>
    withRun(request, (run) => readRunLog(run, request)),
  ),
];

function listLogs(run: Run, request: ApiRequest): ApiResponse {
  currentEntries(run, request);
  if (request.accept.includes("application/zip")) return logsAsZip(run.logs.all(), run);
  return listOf(
    run.logs
      .all()
      .map((log) => ({ ...logFields(log, run), type: "Container", url: logUrl(log, run, request) })),
  );
}

function listRunLogs(run: Run, request: ApiRequest): ApiResponse {
  currentEntries(run, request);
  return ok({
    logs: run.logs.all().map((log) => runLogJson(log, run, request)),
    url: runLogsUrl(run, request),
  });
}

/** What is known about a log; its text is elsewhere. */
function readRunLog(run: Run, request: ApiRequest): ApiResponse {
  currentEntries(run, request);
  const log = run.logs.find(Number(request.params["logId"]));
  return log === undefined ? logNotFound(request) : ok(runLogJson(log, run, request));
}

function runLogJson(log: StoredLog, run: Run, request: ApiRequest) {
  const url = `${runLogsUrl(run, request)}/${log.id}`;
  return { ...signedContentOf(logToken(run, log), request), ...logFields(log, run), url };
}

function runLogsUrl(run: Run, request: ApiRequest): string {
  return `${request.projectUrl}/_apis/pipelines/${run.spec.id}/runs/${run.id}/logs`;
}

function logNotFound(request: ApiRequest): ApiResponse {
  const message = `The log with ID ${request.params["logId"]} could not be found.`;
  return errorResponse({ status: 404, typeKey: "BuildLogNotFoundException", message });
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
  const log = run.logs.find(Number(request.params["logId"]));
  if (log === undefined) return logNotFound(request);
  if (request.accept.includes("application/zip")) return logsAsZip([log], run);
  const range = rangeOf(log, run, request);
  if (request.accept.includes("application/json")) {
    return { status: 200, type: jsonType(request), body: jsonLines(log, run, range) };
  }
  return { status: 200, type: "text/plain; charset=utf-8", body: logLines(log, run, range) };
}

/** With the version, although the body is written line by line. */
function jsonType({ accept, query, state }: ApiRequest): string {
  return jsonContentType(accept, query, state.quirks);
}

/** A log may still be incomplete when it is first read. */
function rangeOf(log: StoredLog, run: Run, request: ApiRequest): LogRange {
  log.readCount += 1;
  const { growingLogs = 0, logLineBase = 1 } = request.state.quirks;
  const availableLines = log.readCount <= growingLogs ? Math.floor(lineCount(log, run) / 2) : Infinity;
  const start = request.query.number("startLine");
  const end = request.query.number("endLine");
  const from = start === undefined ? 0 : Math.max(0, start - logLineBase);
  const to = end === undefined ? Infinity : end - logLineBase + 1;
  return { from, to: Math.min(to, availableLines) };
}

function* jsonLines(log: StoredLog, run: Run, range: LogRange): Generator<string> {
  const count = Math.max(0, Math.min(range.to, lineCount(log, run)) - range.from);
  yield `{"count":${count},"value":[`;
  let first = true;
  for (const line of linesInRange(log, run, range)) {
    yield `${first ? "" : ","}${JSON.stringify(line)}`;
    first = false;
  }
  yield "]}";
}

function logsAsZip(logs: readonly StoredLog[], run: Run): ApiResponse {
  const files = logs.map((log) => [`${log.id}.txt`, [...logLines(log, run)].join("")] as const);
  return { status: 200, type: "application/zip", body: createZip(Object.fromEntries(files)) };
}
