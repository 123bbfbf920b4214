import { toIsoWithTicks } from "../engine/dates.ts";
import { type Run, type RunStatus, statusOf } from "../engine/run.ts";
import { equalsIgnoreCase } from "../engine/schedule-run.ts";
import { type ApiResponse, listOf } from "../http/response.ts";
import { buildJson } from "./build-json.ts";
import { enumName } from "./enums.ts";
import type { ApiRequest } from "./request.ts";
import { route } from "./router.ts";

export const buildListRoutes = [route("GET", "build/builds", listBuilds)];

interface ListedRun {
  readonly run: Run;
  readonly runStatus: RunStatus;
}

/** What a list is ordered by, in milliseconds since 1970; undefined while it has not happened. */
type SortKey = (listed: ListedRun) => number | undefined;

const sortKeys: Readonly<Record<string, SortKey>> = {
  queuetime: ({ run }) => run.queuedAt,
  starttime: ({ run, runStatus }) =>
    runStatus.start === undefined ? undefined : run.queuedAt + runStatus.start * 1000,
  finishtime: ({ run, runStatus }) =>
    runStatus.end === undefined ? undefined : run.queuedAt + runStatus.end * 1000,
};

function listBuilds(request: ApiRequest): ApiResponse {
  const queryOrder = enumName("order", request.query.get("queryOrder"));
  const order = /^(queuetime|starttime|finishtime)(ascending|descending)$/.exec(queryOrder ?? "");
  const sortKey = sortKeys[order?.[1] ?? "finishtime"] ?? (({ run }) => run.queuedAt);
  const direction = order?.[2] === "ascending" ? 1 : -1;
  const listed = visibleRuns(request)
    .map((run) => ({ run, runStatus: statusOf(run, run.elapsed()) }))
    .filter((one) => matchesFilters(one, sortKey(one), request));
  listed.sort(
    (one, other) =>
      compare(sortKey(one), sortKey(other), direction) || direction * (one.run.id - other.run.id),
  );
  // A token only works with the order it was given for; without one, page one comes again.
  const from = order === null ? 0 : positionAfter(listed, sortKey, request.query.get("continuationToken"));
  const top = request.query.number("$top") ?? 1000;
  const page = perDefinition(listed, request).slice(from, from + top);
  const next = listed[from + top];
  const token = next === undefined ? undefined : (sortKey(next) ?? next.run.queuedAt);
  return listOf(
    page.map(({ run }) => buildJson(run, request)),
    token === undefined ? undefined : { "x-ms-continuationtoken": toIsoWithTicks(token) },
  );
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
  return (
    // An empty list of definitions is no filter at all.
    (definitions.length === 0 || definitions.includes(run.spec.id)) &&
    (ids.length === 0 || ids.includes(run.id)) &&
    (branch === undefined || branch === "" || branch === run.ref) &&
    (requestedFor === undefined || requestedFor === "" || requesterNames(run).includes(requestedFor)) &&
    tags.every((tag) => run.tags.some((one) => equalsIgnoreCase(one, tag))) &&
    (number === undefined || number === "" || matchesNumber(run.name, number)) &&
    isOneOf("status", runStatus.status, query.get("statusFilter")) &&
    isOneOf("result", runStatus.result, query.get("resultFilter")) &&
    isReason(run.reason, query.get("reasonFilter")) &&
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

function isOneOf(kind: "status" | "result", value: string | undefined, filter: string | undefined): boolean {
  const words = (filter ?? "").split(",").flatMap((one) => enumName(kind, one) ?? []);
  if (words.length === 0 || words.includes("all")) return true;
  return value !== undefined && words.includes(value.toLowerCase());
}

function isReason(value: string, filter: string | undefined): boolean {
  if (filter === undefined || filter === "" || equalsIgnoreCase(filter, "all")) return true;
  return filter.split(",").some((one) => equalsIgnoreCase(one.trim(), value));
}

function isWithin(at: number | undefined, min: string | undefined, max: string | undefined): boolean {
  const from = min === undefined || min === "" ? -Infinity : Date.parse(min);
  const to = max === undefined || max === "" ? Infinity : Date.parse(max);
  if (from === -Infinity && to === Infinity) return true;
  return at !== undefined && at >= from && at <= to;
}

/** What has not happened yet comes last, whichever way the list runs. */
function compare(one: number | undefined, other: number | undefined, direction: number): number {
  if (one === undefined || other === undefined)
    return Number(one === undefined) - Number(other === undefined);
  return direction * (one - other);
}

function positionAfter(listed: readonly ListedRun[], sortKey: SortKey, token: string | undefined): number {
  if (token === undefined || token === "") return 0;
  const at = listed.findIndex((one) => toIsoWithTicks(sortKey(one) ?? one.run.queuedAt) === token);
  return Math.max(at, 0);
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
