import type { TimelineEntry } from "../engine/records.ts";
import { type Run, statusOf } from "../engine/run.ts";
import { type StageSchedule, waitsForManualStart } from "../engine/schedule.ts";
import { equalsIgnoreCase, isRetryable } from "../engine/schedule-run.ts";
import { startStageRefusal } from "../engine/stage-starts.ts";
import { type ApiResponse, errorResponse, listOf, noContent, ok } from "../http/response.ts";
import { buildJson } from "./build-json.ts";
import { enumName } from "./enums.ts";
import {
  buildNotFound,
  definitionNotFound,
  invalidArgument,
  routeNotFound,
  unreadableBuild,
} from "./error-responses.ts";
import { denyPermission } from "./permissions.ts";
import {
  type ApiRequest,
  getProperty,
  objectFrom,
  parseBody,
  parseJson,
  parseRequiredBody,
} from "./request.ts";
import { route } from "./router.ts";
import { isBuildRequest, parseBuildRequest } from "./start-run.ts";
import { currentEntries, earlierTimeline, timelineJson } from "./timeline-json.ts";
import { requestedVersion } from "./versions.ts";

export const buildRoutes = [
  route("POST", "build/builds", queueBuild),
  route("GET", "build/builds/{id}", (request) => withBuild(request, (run) => ok(buildJson(run, request)))),
  route("PATCH", "build/builds/{id}", (request) => withBuild(request, (run) => updateBuild(run, request))),
  route("PATCH", "build/builds", updateBuilds),
  route("DELETE", "build/builds/{id}", (request) => withBuild(request, (run) => deleteBuild(run, request))),
  route("GET", "build/builds/{id}/timeline", (request) =>
    withBuild(request, (run) => mainTimeline(run, request)),
  ),
  route("GET", "build/builds/{id}/timeline/{timelineId}", (request) =>
    withBuild(request, (run) => timeline(run, request)),
  ),
  route(
    "GET",
    "build/builds/{id}/timeline/stages/{stage}",
    (request) => withBuild(request, (run) => stageTimeline(run, request)),
    { previewOnly: true },
  ),
  route("PATCH", "build/builds/{id}/stages/{stage}", (request) =>
    withBuild(request, (run) => updateStage(run, request)),
  ),
];

export function withBuild(request: ApiRequest, handle: (run: Run) => ApiResponse): ApiResponse {
  const id = request.params["id"] ?? "";
  const run = request.state.find(Number(id));
  if (run === undefined || run.deletedAt !== undefined) return buildNotFound(id);
  return denyPermission("View builds", run.spec, request) ?? handle(run);
}

/** The body may be missing if the query names the definition. */
function queueBuild(request: ApiRequest): ApiResponse {
  const isBodyRequired = request.query.number("definitionId") === undefined;
  const body = isBodyRequired ? parseRequiredBody(request) : parseBody(request);
  if (body === undefined || !isBuildRequest(body)) return unreadableBuild();
  const definition = getProperty(body, "definition") as Readonly<Record<string, unknown>> | null | undefined;
  const id = Number(getProperty(definition ?? {}, "id") ?? request.query.number("definitionId"));
  const spec = request.state.pipelines.get(id);
  if (spec === undefined) return definitionNotFound(id);
  const denied = denyPermission("Queue builds", spec, request);
  if (denied !== undefined) return denied;
  const parsed = parseBuildRequest(spec, body, request);
  if ("refusals" in parsed) return validationFailed(parsed.refusals);
  if (request.state.queueStatus(spec) === "disabled")
    return validationFailed([`The build pipeline ${spec.name} is disabled.`]);
  const editDenied = parsed.hasOverrides
    ? denyPermission("Edit queue build configuration", spec, request)
    : undefined;
  if (editDenied !== undefined) return editDenied;
  return ok(buildJson(request.state.start(spec, parsed.runRequest), request));
}

/** The reasons are only in the custom properties. */
function validationFailed(messages: readonly string[]): ApiResponse {
  return errorResponse({
    status: 400,
    typeKey: "BuildRequestValidationFailedException",
    message: "Could not queue the build because there were validation errors or warnings.",
    customProperties: { ValidationResults: messages.map((message) => ({ result: "error", message })) },
  });
}

function updateBuild(run: Run, request: ApiRequest): ApiResponse {
  const body = parseBody(request);
  if (body === undefined) return unreadableBuild();
  if (request.query.get("retry")?.toLowerCase() === "true") return retryBuild(run, request);
  return changeBuild(run, body, request);
}

function changeBuild(run: Run, body: Readonly<Record<string, unknown>>, request: ApiRequest): ApiResponse {
  const keepForever = getProperty(body, "keepForever");
  if (typeof keepForever === "boolean") run.keepForever = keepForever;
  const status = enumName("status", getProperty(body, "status"));
  return status === "cancelling" ? cancelBuild(run, request) : ok(buildJson(run, request));
}

/** A list of builds, each with its id. */
function updateBuilds(request: ApiRequest): ApiResponse {
  const updates = parseJson(request.bodyText);
  if (!Array.isArray(updates)) return invalidArgument("The request body must be a list of builds.");
  const builds: unknown[] = [];
  for (const update of (updates as readonly unknown[]).map((one) => objectFrom(one) ?? {})) {
    const id = Number(getProperty(update, "id"));
    const run = request.state.find(id);
    if (run === undefined || run.deletedAt !== undefined) return buildNotFound(id);
    const response = changeBuild(run, update, request);
    if (response.status !== 200) return response;
    builds.push(response.json);
  }
  return listOf(builds);
}

function deleteBuild(run: Run, request: ApiRequest): ApiResponse {
  if (run.keepForever) {
    return errorResponse({
      status: 400,
      typeKey: "CannotDeleteRetainedBuildException",
      message: `The build ${run.id} is retained and cannot be deleted.`,
    });
  }
  run.deletedAt = request.state.clock.now();
  return noContent;
}

function cancelBuild(run: Run, request: ApiRequest): ApiResponse {
  const denied = denyPermission("Stop builds", run.spec, request);
  if (denied !== undefined) return denied;
  const { status } = statusOf(run, run.elapsed());
  if (status === "completed" && request.state.quirks.cancelFinished === 400) {
    return errorResponse({
      status: 400,
      typeKey: "BuildStatusInvalidChangeException",
      message: `The status of build ${run.id} cannot be changed: it is completed.`,
    });
  }
  if (status !== "completed" && status !== "cancelling" && status !== "abandoned")
    run.cancels.push({ at: run.elapsed() });
  return ok(buildJson(run, request));
}

function retryBuild(run: Run, request: ApiRequest): ApiResponse {
  const schedule = run.schedule();
  const running = schedule.stages.find((stage) => run.elapsed() < stage.end);
  if (running !== undefined) {
    return buildError(
      `Unable to retry the pipeline because stage ${running.spec.name} is currently in progress.`,
    );
  }
  if (!isRetryable(schedule, undefined, false)) {
    return buildError("Unable to retry the pipeline because no stage has failed.");
  }
  const shape = request.state.quirks.retryShape ?? "stage";
  run.retries.push({ at: run.elapsed(), allJobs: false, shape });
  return ok(buildJson(run, request));
}

function updateStage(run: Run, request: ApiRequest): ApiResponse {
  const body = parseBody(request);
  if (body === undefined) return invalidArgument("The request body is not valid JSON.");
  const name = request.params["stage"] ?? "";
  const stage = run.schedule().stages.find((one) => equalsIgnoreCase(one.spec.name, name));
  if (stage === undefined) return buildError(`Unable to find stage ${name}.`);
  switch (enumName("stageUpdate", getProperty(body, "state"))) {
    case "cancel":
      return cancelStage(run, stage, request);
    case "retry":
      return retryStage(run, stage, getProperty(body, "forceRetryAllJobs") === true);
    case "run":
      return startStage(run, stage, request);
    default:
      return invalidArgument("The value of the property 'state' is not valid.");
  }
}

/** A stage is updated without a body in the answer. */
const accepted: ApiResponse = { status: 200, body: "" };

function cancelStage(run: Run, stage: StageSchedule, request: ApiRequest): ApiResponse {
  const denied = denyPermission("Stop builds", run.spec, request);
  if (denied !== undefined) return denied;
  const isOver = run.elapsed() >= stage.end || waitsForManualStart(stage.result);
  if (!isOver) run.cancels.push({ at: run.elapsed(), stage: stage.spec.name });
  return accepted;
}

function isVersionBefore72({ query, accept }: ApiRequest): boolean {
  return Number.parseFloat(requestedVersion(query, accept) ?? "") < 7.2;
}

/** Only 7.2 knows this value. */
function startStage(run: Run, stage: StageSchedule, request: ApiRequest): ApiResponse {
  if (isVersionBefore72(request)) return invalidArgument("The value of the property 'state' is not valid.");
  const denied = denyPermission("Queue builds", run.spec, request);
  if (denied !== undefined) return denied;
  const refusal = startStageRefusal(run, stage.spec.name);
  if (refusal !== undefined) return buildError(refusal);
  run.stageStarts.push({ stage: stage.spec.name, at: run.elapsed() });
  return accepted;
}

function retryStage(run: Run, stage: StageSchedule, allJobs: boolean): ApiResponse {
  const { name } = stage.spec;
  const at = run.elapsed();
  const hasRun = stage.start < Infinity || stage.checks.length > 0;
  if (!hasRun || at < stage.ready)
    return buildError(`Unable to retry stage ${name} because it has never been run.`);
  if (at < stage.end)
    return buildError(`Unable to retry the pipeline because stage ${name} is currently in progress.`);
  if (!isRetryable(run.schedule(), stage.spec.name, allJobs))
    return buildError(`Unable to retry stage ${name}: nothing in it failed.`);
  run.retries.push({ at, stage: name, allJobs, shape: "stage" });
  return accepted;
}

function buildError(message: string): ApiResponse {
  return errorResponse({ status: 400, typeKey: "BuildException", message });
}

function timeline(run: Run, request: ApiRequest): ApiResponse {
  const id = (request.params["timelineId"] ?? "").toLowerCase();
  if (id === run.planId) return mainTimeline(run, request);
  currentEntries(run, request);
  const json = earlierTimeline(run, id, request);
  return json === undefined ? timelineNotFound(id) : ok(json);
}

function timelineNotFound(id: string): ApiResponse {
  return errorResponse({
    status: 404,
    typeKey: "TimelineNotFoundException",
    message: `The requested timeline ${id} could not be found.`,
  });
}

/** The main timeline's records of one stage. Only 7.2 has this route. */
function stageTimeline(run: Run, request: ApiRequest): ApiResponse {
  if (isVersionBefore72(request)) return routeNotFound(request.pathname);
  const name = request.params["stage"] ?? "";
  const entries = currentEntries(run, request);
  const stage = entries.find(
    ({ record }) => record.type === "Stage" && equalsIgnoreCase(record.identifier ?? "", name),
  );
  if (stage === undefined) return timelineNotFound(name);
  return ok(timelineJson(run, withDescendants(stage, entries), undefined, request));
}

function withDescendants(entry: TimelineEntry, entries: readonly TimelineEntry[]): TimelineEntry[] {
  const children = entries.filter(({ record }) => record.parentId === entry.record.id);
  return [entry, ...children.flatMap((child) => withDescendants(child, entries))];
}

/** No timeline at first where a quirk says so, and none for past runs. */
function mainTimeline(run: Run, request: ApiRequest): ApiResponse {
  const { firstTimelines = 0, recordsNull = 0, unchangedTimeline } = request.state.quirks;
  run.requestCounts.timelines += 1;
  const requestNumber = run.requestCounts.timelines;
  if (requestNumber <= firstTimelines || run.schedule().stages.length === 0) return noContent;
  const entries = currentEntries(run, request);
  const since = request.query.number("changeId");
  const json = timelineJson(run, entries, since, request);
  if (recordsNull === true || requestNumber <= firstTimelines + Number(recordsNull))
    return ok({ ...json, records: null });
  const isUnchanged = since !== undefined && json.records.length === 0;
  return isUnchanged && unchangedTimeline === "204" ? noContent : ok(json);
}
