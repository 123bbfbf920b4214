import type { Issue, NodeResult, NodeStatus, TimelineRecord } from "../core/model.ts";
import { nextTimelineGap, savesRequests, worseThrottling } from "../core/poll-interval.ts";
import type { PollResponse } from "../core/run-snapshot.ts";
import { createRunTimeline } from "../core/update-run-tree.ts";
import { ActionError, TransientError } from "../errors.ts";
import { asArray, asId, asNumber, asObject, asString, type JsonFields } from "../lib/json.ts";
import { oneLine } from "../lib/text.ts";
import type { RequestOptions, RunPollOptions } from "../ports.ts";
import type { SendRequest } from "./api-request.ts";
import { type RunUrlBuilder, readBuild } from "./builds.ts";
import { asDate } from "./decode.ts";
import type { RunCheck } from "./run-check.ts";

const recordStates: ReadonlyMap<string, NodeStatus> = new Map([
  ["pending", "pending"],
  ["inprogress", "inProgress"],
  ["completed", "completed"],
]);

const recordResults: ReadonlyMap<string, NodeResult> = new Map([
  ["succeeded", "succeeded"],
  ["succeededwithissues", "succeededWithIssues"],
  ["failed", "failed"],
  ["canceled", "canceled"],
  ["skipped", "skipped"],
  ["abandoned", "abandoned"],
  ["manuallyqueued", "manual"],
  ["dependentonmanualqueue", "manual"],
]);

/** Records with an id; other entries are ignored. */
export function decodeRecords(json: unknown): readonly TimelineRecord[] {
  const records: TimelineRecord[] = [];
  for (const entry of asArray(asObject(json)["records"])) {
    const record = asObject(entry);
    const id = asString(record["id"]);
    if (id !== null) records.push(decodeRecord(id, record));
  }
  return records;
}

const noIssues: readonly Issue[] = [];

/** One object with all fields and nothing in between: a timeline can have thousands of records. */
function decodeRecord(id: string, record: JsonFields): TimelineRecord {
  const state = recordStates.get((asString(record["state"]) ?? "").toLowerCase()) ?? "inProgress";
  const { status, result } = decodeOutcome(state, asString(record["result"]));
  const issues = asArray(record["issues"]);
  return {
    id,
    parentId: asString(record["parentId"]),
    type: asString(record["type"]) ?? "",
    name: asString(record["name"]) ?? "",
    refName: asString(record["refName"]),
    identifier: asString(record["identifier"]),
    status,
    result,
    startedAt: asDate(record["startTime"]),
    finishedAt: asDate(record["finishTime"]),
    order: asNumber(record["order"]),
    attempt: asNumber(record["attempt"]) ?? 1,
    worker: asString(record["workerName"]),
    logId: asId(asObject(record["log"])["id"]),
    taskName: decodeTaskName(asObject(record["task"])),
    errors: asNumber(record["errorCount"]) ?? 0,
    warnings: asNumber(record["warningCount"]) ?? 0,
    issues: issues.length === 0 ? noIssues : issues.flatMap(decodeIssue),
  };
}

/**
 * An unknown result counts as failed; a missing one, as on some skipped parents, counts as skipped. A manual stage keeps its
 * result until it is started, even if its state changes before.
 */
function decodeOutcome(
  status: NodeStatus,
  rawResult: string | null,
): Pick<TimelineRecord, "status" | "result"> {
  const known = recordResults.get((rawResult ?? "").toLowerCase());
  if (known === "manual" && status === "pending") return { status: "completed", result: known };
  if (status !== "completed") return { status, result: null };
  return { status, result: rawResult === null ? "skipped" : (known ?? "failed") };
}

const taskNamesById: ReadonlyMap<string, string> = new Map([
  ["2003ad3a-104a-451a-9238-60474ab294e6", "ManualValidation"],
  ["bcb64569-d51a-4af0-9c01-ea5d05b3b622", "ManualIntervention"],
  ["28782b92-5e8e-4458-9751-a71cd1492bae", "Delay"],
  ["9c3e8943-130d-4c78-ac63-8af81df62dfb", "InvokeRESTAPI"],
]);

function decodeTaskName({ id, name }: JsonFields): string | null {
  return asString(name) ?? taskNamesById.get(asString(id)?.toLowerCase() ?? "") ?? null;
}

function decodeIssue(value: unknown): Issue[] {
  const issue = asObject(value);
  const message = asString(issue["message"]);
  // Invisible messages are ignored.
  if (message === null || oneLine(message) === "") return [];
  const data = asObject(issue["data"]);
  const severity = asString(issue["type"])?.toLowerCase() === "warning" ? "warning" : "error";
  return [
    {
      severity,
      message,
      logLine: asPositiveInteger(data["logFileLineNumber"]),
      file: asString(data["sourcepath"]) ?? undefined,
      line: asPositiveInteger(data["linenumber"]),
      column: asPositiveInteger(data["columnnumber"]),
      code: asString(data["code"]) ?? undefined,
    },
  ];
}

/** These numbers are strings in the response. */
function asPositiveInteger(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

/** After this many polls for changes only, the whole timeline is read, in case a change was lost. */
const pollsPerFullTimeline = 30;

/** Polls one run: one request while it is queued, two while it can change. */
export function createRunPoller(
  send: SendRequest,
  runId: number,
  runUrl: RunUrlBuilder,
  isOwnRun?: RunCheck,
) {
  const timeline = createTimelineCache(send, runId);
  let gap = 1;
  let pollsSinceTimeline = 0;
  return async (
    { alwaysReadTimeline = false, readQueuedTimeline = false, onCompleted, ...retryOptions }: RunPollOptions,
    signal: AbortSignal,
  ): Promise<PollResponse> => {
    const buildResponse = await readBuild(
      send,
      { runId, runUrl, isOwnRun, toleratesOutage: true, ...retryOptions },
      signal,
    );
    const { status } = buildResponse.run;
    const isQueued = status === "notStarted" || status === "postponed";
    gap = nextTimelineGap(gap, buildResponse.throttling);
    pollsSinceTimeline += 1;
    const isFinal = status === "completed";
    const isDue = isFinal || ((!isQueued || readQueuedTimeline) && pollsSinceTimeline >= gap);
    const polled = { ...buildResponse, savesRequests: savesRequests(gap) };
    if (!isDue && !alwaysReadTimeline) return { ...polled, tree: timeline.tree() };
    pollsSinceTimeline = 0;
    // With many waits, a pause after a response that was already delayed would make each step end late: decision 7.
    const ignoreRetryAfter =
      retryOptions.ignoreRetryAfter === true || (isFinal && buildResponse.throttling === "delayed");
    const refreshing = timeline.refresh({ ...retryOptions, ignoreRetryAfter, isFinal }, signal);
    if (isFinal) onCompleted?.(polled);
    const refreshed = await refreshing;
    if (refreshed.throttling !== undefined) gap = nextTimelineGap(gap, refreshed.throttling);
    return {
      ...polled,
      tree: timeline.tree(),
      savesRequests: savesRequests(gap),
      // The Retry-After of the first response was obeyed before the second request.
      retryAfterMs: refreshed.retryAfterMs,
      throttling: worseThrottling(buildResponse.throttling, refreshed.throttling),
      timelineUnavailable: refreshed.timelineUnavailable,
    };
  };
}

interface TimelineRefreshOptions extends RequestOptions {
  /** The run has ended: the whole timeline is read for the last time. */
  readonly isFinal: boolean;
}

/** The delay that the service requested before the next poll, and why this poll has no new records. */
type TimelineRefreshResult = Pick<PollResponse, "retryAfterMs" | "throttling" | "timelineUnavailable">;

/** https://learn.microsoft.com/rest/api/azure/devops/build/timeline/get */
function createTimelineCache(send: SendRequest, runId: number) {
  const timeline = createRunTimeline();
  let cursor: number | undefined;
  let pollsSinceFull = 0;

  async function refresh(
    { isFinal, ...options }: TimelineRefreshOptions,
    signal: AbortSignal,
  ): Promise<TimelineRefreshResult> {
    const isFull = isFinal || cursor === undefined || pollsSinceFull >= pollsPerFullTimeline;
    try {
      const response = await send({
        method: "GET",
        path: `_apis/build/builds/${runId}/timeline`,
        query: { changeId: isFull ? undefined : cursor },
        decode: decodeTimeline,
        operation: "Reading the run's timeline",
        ...options,
        // The last read of the timeline is retried; any other is repeated by the next poll.
        retryForMs: isFinal ? 10_000 : 0,
        // Without it, the causes of a failed run would be missing.
        ...(isFinal && { retryThrottledForMs: 60_000 }),
        signal,
      });
      pollsSinceFull = isFull ? 0 : pollsSinceFull + 1;
      if (response.text === "") return response;
      const { changes, changeId } = response.value;
      timeline.merge(changes, { isComplete: isFull });
      // As long as the timeline has no records, all changes are still to come.
      cursor = isFull && changes.length === 0 ? undefined : (changeId ?? undefined);
      return response;
    } catch (error) {
      return handleTimelineError(error);
    }
  }
  return { refresh, tree: timeline.tree };
}

function decodeTimeline(json: unknown) {
  return { changes: decodeRecords(json), changeId: asNumber(asObject(json)["changeId"]) };
}

/** The result of the run does not depend on its timeline: without one, only the log has fewer events. */
function handleTimelineError(error: unknown): TimelineRefreshResult {
  if (error instanceof TransientError) {
    const timelineUnavailable = { reason: error.message, isPermanent: false };
    return {
      retryAfterMs: error.retryAfterMs,
      throttling: error.throttled ? "blocked" : undefined,
      timelineUnavailable,
    };
  }
  if (error instanceof ActionError && error.code !== "unauthorized") {
    const isPermanent = error.code === "forbidden" || error.code === "rejected";
    return { retryAfterMs: undefined, timelineUnavailable: { reason: error.message, isPermanent } };
  }
  throw error;
}
