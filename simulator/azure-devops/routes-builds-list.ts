import { fromIsoWithTicks, toIsoWithTicks } from "../engine/dates.ts";
import { type Run, type RunStatus, statusOf } from "../engine/run.ts";
import { equalsIgnoreCase } from "../engine/schedule-run.ts";
import { type ApiResponse, listOf, ok } from "../http/response.ts";
import { buildJson, repositoryId } from "./build-json.ts";
import { enumName, matchesFlags } from "./enums.ts";
import { definitionNotFound, invalidBuildQuery, noBuildOfDefinition } from "./error-responses.ts";
import type { ApiRequest } from "./request.ts";
import { route } from "./router.ts";
import { definitionNamed } from "./routes-definitions.ts";

export const buildListRoutes = [
  route("GET", "build/builds", listBuilds),
  route("GET", "build/latest/{*definition}", latestBuild, { previewOnly: true }),
];

interface ListedRun {
  readonly run: Run;
  readonly runStatus: RunStatus;
}

/** The time that a list is ordered by, in milliseconds since 1970; undefined while it has not happened. */
type SortKey = (listed: ListedRun) => number | undefined;

const sortKeys: Readonly<Record<string, SortKey>> = {
  queueTime: ({ run }) => run.queuedAt,
  startTime: ({ run, runStatus }) =>
    runStatus.start === undefined ? undefined : run.queuedAt + runStatus.start * 1000,
  finishTime: ({ run, runStatus }) =>
    runStatus.end === undefined ? undefined : run.queuedAt + runStatus.end * 1000,
};

function listBuilds(request: ApiRequest): ApiResponse {
  const { query, state } = request;
  if (isGiven(query.get("repositoryId")) && !isGiven(query.get("repositoryType")))
    return invalidBuildQuery("The repositoryType must be given with the repositoryId.");
  const queryOrder = enumName("order", query.get("queryOrder"));
  const order = /^(queueTime|startTime|finishTime)(Ascending|Descending)$/.exec(queryOrder ?? "");
  const sortKey = sortKeys[order?.[1] ?? "finishTime"] ?? (({ run }) => run.queuedAt);
  const direction = order?.[2] === "Ascending" ? 1 : -1;
  const listed = visibleRuns(request)
    .map((run) => ({ run, runStatus: statusOf(run, run.elapsed()) }))
    .filter((one) => matchesFilters(one, sortKey(one), request));
  listed.sort(
    (one, other) =>
      compare(sortKey(one), sortKey(other), direction) || direction * (one.run.id - other.run.id),
  );
  const all = perDefinition(listed, request);
  const tokens = tokensOf(all, sortKey);
  const isTokenIgnored = order === null && state.quirks.tokenWithoutOrder === "ignored";
  const token = isTokenIgnored ? "" : (query.get("continuationToken") ?? "");
  const from = pageStart(token, tokens, (at) =>
    all.findIndex((one) => direction * ((sortKey(one) ?? Infinity * direction) - at) >= 0),
  );
  const top = query.number("$top") ?? 1000;
  const nextToken = tokens[from + top];
  return listOf(
    all.slice(from, from + top).map(({ run }) => buildJson(run, request)),
    nextToken === undefined ? undefined : { "x-ms-continuationtoken": nextToken },
  );
}

/** Where the page of a token begins. The build that it was made for may have been deleted, or have a later time now. */
function pageStart(token: string, tokens: readonly string[], findAfter: (at: number) => number): number {
  const exact = tokens.indexOf(token);
  const at = fromIsoWithTicks(token.split(",")[0] ?? "");
  if (exact >= 0 || Number.isNaN(at)) return Math.max(0, exact);
  const next = findAfter(at);
  return next < 0 ? tokens.length : next;
}

/** The token of each build: its time, and its id where two builds have the same time. */
function tokensOf(listed: readonly ListedRun[], sortKey: SortKey): string[] {
  const times = listed.map((one) => toIsoWithTicks(sortKey(one) ?? one.run.queuedAt));
  return listed.map(({ run }, index) => {
    const time = times[index] ?? "";
    return times.indexOf(time) === times.lastIndexOf(time) ? time : `${time},${run.id}`;
  });
}

/** The last completed build of a definition. */
function latestBuild(request: ApiRequest): ApiResponse {
  const nameOrId = request.params["definition"] ?? "";
  const spec = definitionNamed(nameOrId, request);
  if (spec === undefined) return definitionNotFound(nameOrId);
  const branch = request.query.get("branchName");
  const run = request.state
    .all()
    .filter((one) => one.spec.id === spec.id && (!isGiven(branch) || isSameBranch(one.ref, branch)))
    .filter((one) => statusOf(one, one.elapsed()).status === "completed" && one.deletedAt === undefined)
    .at(-1);
  return run === undefined ? noBuildOfDefinition(spec.id) : ok(buildJson(run, request));
}

function isSameBranch(ref: string, branch: string): boolean {
  return ref === branch || ref === `refs/heads/${branch}`;
}

function isGiven(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}

/** A new run may be missing from the first lists that are asked for. */
function visibleRuns(request: ApiRequest): Run[] {
  const lag = request.state.quirks.listLag ?? 0;
  return request.state.all().filter((run) => {
    run.requestCounts.listed += 1;
    return run.elapsed() === Infinity || run.requestCounts.listed > lag;
  });
}

function matchesFilters({ run, runStatus }: ListedRun, at: number | undefined, request: ApiRequest): boolean {
  const { query } = request;
  const definitions = query.list("definitions").map(Number);
  const ids = query.list("buildIds").map(Number);
  const branch = query.get("branchName");
  const requestedFor = query.get("requestedFor")?.toLowerCase();
  const tags = query.list("tagFilters");
  const number = query.get("buildNumber");
  const queues = query.list("queues").map(Number);
  const ofRepository = query.get("repositoryId");
  return (
    // An empty list of definitions is no filter at all.
    (definitions.length === 0 || definitions.includes(run.spec.id)) &&
    (ids.length === 0 || ids.includes(run.id)) &&
    (queues.length === 0 || queues.includes(run.queueId)) &&
    (!isGiven(branch) || branch === run.ref) &&
    (!isGiven(ofRepository) || isOfRepository(run, ofRepository, query.get("repositoryType") ?? "")) &&
    (!isGiven(requestedFor) || requesterNames(run).includes(requestedFor)) &&
    tags.every((tag) => run.tags.some((one) => equalsIgnoreCase(one, tag))) &&
    (!isGiven(number) || matchesNumber(run.name, number)) &&
    matchesDeleted(run, query.get("deletedFilter")) &&
    matchesFlags("status", runStatus.status, query.get("statusFilter")) &&
    matchesFlags("result", runStatus.result, query.get("resultFilter")) &&
    matchesFlags("reason", run.reason, query.get("reasonFilter")) &&
    isWithin(at, query.get("minTime"), query.get("maxTime"))
  );
}

function requesterNames({ requestedFor }: Run): string[] {
  return [requestedFor.id, requestedFor.displayName, requestedFor.uniqueName].map((name) =>
    name.toLowerCase(),
  );
}

function matchesNumber(name: string, pattern: string): boolean {
  return pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function matchesDeleted({ deletedAt }: Run, filter: string | undefined): boolean {
  switch (enumName("deleted", filter)) {
    case "includeDeleted":
      return true;
    case "onlyDeleted":
      return deletedAt !== undefined;
    default:
      return deletedAt === undefined;
  }
}

function isOfRepository({ spec }: Run, id: string, type: string): boolean {
  const { repository } = spec;
  return equalsIgnoreCase(repositoryId(repository), id) && equalsIgnoreCase(repository.type, type);
}

function isWithin(at: number | undefined, min: string | undefined, max: string | undefined): boolean {
  const from = min === undefined || min === "" ? -Infinity : Date.parse(min);
  const to = max === undefined || max === "" ? Infinity : Date.parse(max);
  if (from === -Infinity && to === Infinity) return true;
  return at !== undefined && at >= from && at <= to;
}

/** Sorts what has not happened yet last, in either direction. */
function compare(one: number | undefined, other: number | undefined, direction: number): number {
  if (one === undefined || other === undefined)
    return Number(one === undefined) - Number(other === undefined);
  return direction * (one - other);
}

function perDefinition(listed: readonly ListedRun[], request: ApiRequest): readonly ListedRun[] {
  const maxBuilds = request.query.number("maxBuildsPerDefinition");
  if (maxBuilds === undefined) return listed;
  const counts = new Map<number, number>();
  return listed.filter(({ run }) => {
    const count = (counts.get(run.spec.id) ?? 0) + 1;
    counts.set(run.spec.id, count);
    return count <= maxBuilds;
  });
}
