import type { RunFacts } from "../core/model.ts";
import type { Candidate } from "../core/run-matching.ts";
import type { PollResponse } from "../core/run-snapshot.ts";
import { TransientError } from "../errors.ts";
import { asArray, asObject, asString, type JsonFields, parseJson } from "../lib/json.ts";
import type { RecentRuns, RequestOptions, StageUpdate, TaggedRuns } from "../ports.ts";
import type { ApiResponse, SendRequest } from "./api-request.ts";
import { asDate, decodeBuild } from "./decode.ts";
import type { RunCheck } from "./run-check.ts";

export type RunUrlBuilder = (runId: number) => string;

interface ReadBuildOptions extends RequestOptions {
  readonly runId: number;
  /** The retries of a wait, which continues after an outage or a delay that the service requests. */
  readonly toleratesOutage?: boolean;
  readonly runUrl: RunUrlBuilder;
  readonly isOwnRun?: RunCheck | undefined;
}

/** https://learn.microsoft.com/rest/api/azure/devops/build/builds/get */
export async function readBuild(
  send: SendRequest,
  { runId, runUrl, isOwnRun, toleratesOutage = false, ...retryOptions }: ReadBuildOptions,
  signal: AbortSignal,
): Promise<Omit<PollResponse, "tree">> {
  const response = await send({
    method: "GET",
    path: `_apis/build/builds/${runId}`,
    operation: "Polling the run",
    ...retryOptions,
    toleratesOutage,
    signal,
    decode: async (value) => {
      const run = ensureRunId(runId, decodeBuild(value, runUrl));
      if ((await isOwnRun?.(run, signal)) === false)
        throw new TransientError(`the response was about run ${runId} of another project or pipeline`);
      return run;
    },
  });
  const { value: run, retryAfterMs, throttling } = response;
  return { run, retryAfterMs, throttling, serviceTime: dateHeaderMs(response) };
}

function ensureRunId(runId: number, run: RunFacts): RunFacts {
  if (run.id !== runId) throw new TransientError(`the response was about run ${run.id}, not about ${runId}`);
  return run;
}

/**
 * Requests that the run be cancelled; it ends some time later.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/update-build
 */
export async function cancelBuild(
  send: SendRequest,
  { runId, ...retryOptions }: RequestOptions & { readonly runId: number },
  signal: AbortSignal,
): Promise<void> {
  await send({
    method: "PATCH",
    path: `_apis/build/builds/${runId}`,
    body: { status: "cancelling" },
    decode: () => undefined,
    operation: "Cancelling the run",
    ...retryOptions,
    // The runner would kill the process during a delay.
    ignoreRetryAfter: true,
    signal,
  });
}

/** More runs than could be queued within the half minute of a lost start. */
const recentRunsLimit = 200;

/**
 * The newest runs of one pipeline.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/list
 */
export async function listRecentRuns(
  send: SendRequest,
  { pipelineId, runUrl, ...retryOptions }: RequestOptions & { pipelineId: number; runUrl: RunUrlBuilder },
  signal: AbortSignal,
): Promise<RecentRuns> {
  const { value, headers } = await send({
    method: "GET",
    path: "_apis/build/builds",
    // By default the list is sorted by finish time, and running runs may not be on the first page.
    query: { definitions: pipelineId, queryOrder: "queueTimeDescending", $top: recentRunsLimit },
    decode: (json) => asArray(asObject(json)["value"]).map((entry) => decodeCandidate(entry, runUrl)),
    operation: "Searching for the run",
    ...retryOptions,
    signal,
  });
  return {
    candidates: value,
    serviceTime: dateHeaderMs({ headers }),
    callerId: callerIdIn(headers),
    isComplete: value.length < recentRunsLimit && headers["x-ms-continuationtoken"] === undefined,
  };
}

function callerIdIn(headers: ApiResponse["headers"]): string | undefined {
  return headers["x-vss-userdata"]?.split(":")[0]?.toLowerCase() || undefined;
}

/** Runs of one pipeline that have a tag, the newest first. https://learn.microsoft.com/rest/api/azure/devops/build/builds/list */
export async function listTaggedRuns(
  send: SendRequest,
  { pipelineId, tag, runUrl }: { pipelineId: number; tag: string; runUrl: RunUrlBuilder },
  signal: AbortSignal,
): Promise<TaggedRuns> {
  const { value, headers } = await send({
    method: "GET",
    path: "_apis/build/builds",
    query: { definitions: pipelineId, tagFilters: tag, queryOrder: "queueTimeDescending", $top: 50 },
    decode: (json) =>
      asArray(asObject(json)["value"]).map((entry) => ({
        candidate: decodeCandidate(entry, runUrl),
        run: decodeBuild(entry, runUrl),
      })),
    operation: "Searching for the earlier attempt's run",
    retryForMs: 60_000,
    signal,
  });
  return { runs: value, callerId: callerIdIn(headers) };
}

export function dateHeaderMs({ headers }: Pick<ApiResponse, "headers">): number | undefined {
  const date = Date.parse(headers["date"] ?? "");
  return Number.isNaN(date) ? undefined : date;
}

export function decodeCandidate(json: unknown, runUrl: RunUrlBuilder): Candidate {
  const build = asObject(json);
  const run = decodeBuild(json, runUrl);
  const requesterIds = [build["requestedFor"], build["requestedBy"]].map((person) =>
    asString(asObject(person)["id"]),
  );
  const parameters = build["templateParameters"];
  return {
    id: run.id,
    name: run.name,
    url: run.url,
    status: run.status,
    queuedAt: run.createdAt === null ? null : Date.parse(run.createdAt),
    requesterIds: requesterIds.flatMap((id) => (id === null ? [] : [id.toLowerCase()])),
    pipelineId: run.pipeline.id,
    ref: run.source.ref,
    commit: run.source.commit,
    parameters: parameters === undefined || parameters === null ? undefined : asObject(parameters),
    variables: parseVariables(asString(build["parameters"])),
    tags: run.tags,
    reason: asString(build["reason"])?.toLowerCase(),
  };
}

/** Queue-time variables are JSON in a string; without one there are none, or the list does not contain them. */
function parseVariables(text: string | null): JsonFields | undefined {
  const json = text === null ? undefined : parseJson(text);
  return json === undefined ? undefined : asObject(json);
}

/**
 * Starts a manual stage, retries the failed jobs of a stage as its next attempt, or cancels a stage. Not retried here, since
 * a request without a response may have been executed. Starting a manual stage needs 7.2-preview.
 * https://learn.microsoft.com/rest/api/azure/devops/build/stages/update
 */
export async function updateStage(
  send: SendRequest,
  { runId, stage, state, ...options }: StageUpdate & Partial<RequestOptions> & { readonly runId: number },
  signal: AbortSignal,
): Promise<void> {
  const operations = { retry: "Retrying", run: "Starting", cancel: "Cancelling" };
  await send({
    method: "PATCH",
    path: `_apis/build/builds/${runId}/stages/${encodeURIComponent(stage)}`,
    body: { state, ...(state === "retry" && { forceRetryAllJobs: false }) },
    ...(state === "run" && { minVersion: "7.2-preview" }),
    decode: () => undefined,
    operation: `${operations[state]} the stage ${stage}`,
    ...options,
    signal,
  });
}

/**
 * Runs the failed jobs of a run again.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/update-build
 */
export async function retryRun(send: SendRequest, runId: number, signal: AbortSignal): Promise<void> {
  await send({
    method: "PATCH",
    path: `_apis/build/builds/${runId}`,
    query: { retry: "true" },
    body: {},
    decode: () => undefined,
    operation: "Retrying the run",
    retryForMs: 30_000,
    signal,
  });
}

/**
 * How long the last successful runs of a pipeline took, from start to end, in milliseconds.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/list
 */
export async function readPastDurations(
  send: SendRequest,
  pipelineId: number,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const { value } = await send({
    method: "GET",
    path: "_apis/build/builds",
    query: {
      definitions: pipelineId,
      statusFilter: "completed",
      resultFilter: "succeeded",
      queryOrder: "finishTimeDescending",
      $top: 10,
    },
    decode: (json) => asArray(asObject(json)["value"]).flatMap(durationOf),
    operation: "Reading the pipeline's past runs",
    timeoutMs: 10_000,
    signal,
  });
  return value;
}

function durationOf(json: unknown): number[] {
  const build = asObject(json);
  const [start, end] = [asDate(build["startTime"]), asDate(build["finishTime"])];
  return start === null || end === null ? [] : [Math.max(0, Date.parse(end) - Date.parse(start))];
}
