import { type Answer, listOf } from "./answer.ts";
import { buildAnswer } from "./answers-build.ts";
import type { Call } from "./call.ts";
import { enumWord } from "./enums.ts";
import { isSame } from "./model.ts";
import { wireDate } from "./moments.ts";
import { route } from "./router.ts";
import { type Run, type Standing, standingOf } from "./run.ts";

export const buildListRoutes = [route("GET", "build/builds", listBuilds)];

interface Listed {
  readonly run: Run;
  readonly standing: Standing;
}

/** What a list is ordered by, in milliseconds since 1970; undefined while it has not happened. */
type Moment = (listed: Listed) => number | undefined;

const moments: Readonly<Record<string, Moment>> = {
  queuetime: ({ run }) => run.queuedAt,
  starttime: ({ run, standing }) =>
    standing.start === undefined ? undefined : run.queuedAt + standing.start * 1000,
  finishtime: ({ run, standing }) =>
    standing.end === undefined ? undefined : run.queuedAt + standing.end * 1000,
};

function listBuilds(call: Call): Answer {
  const asked = enumWord("order", call.query.one("queryOrder"));
  const order = /^(queuetime|starttime|finishtime)(ascending|descending)$/.exec(asked ?? "");
  const moment = moments[order?.[1] ?? "finishtime"] ?? (({ run }) => run.queuedAt);
  const sign = order?.[2] === "ascending" ? 1 : -1;
  const listed = visibleRuns(call)
    .map((run) => ({ run, standing: standingOf(run, run.elapsed()) }))
    .filter((one) => isWanted(one, moment(one), call));
  listed.sort(
    (one, other) => compare(moment(one), moment(other), sign) || sign * (one.run.id - other.run.id),
  );
  // A token only works with the order it was given for; without one, page one comes again.
  const from = order === null ? 0 : positionAfter(listed, moment, call.query.one("continuationToken"));
  const top = call.query.number("$top") ?? 1000;
  const page = perDefinition(listed, call).slice(from, from + top);
  const next = listed[from + top];
  const token = next === undefined ? undefined : (moment(next) ?? next.run.queuedAt);
  return listOf(
    page.map(({ run }) => buildAnswer(run, call)),
    token === undefined ? undefined : { "x-ms-continuationtoken": wireDate(token) },
  );
}

/** A new run may be missing from the first lists that are asked for. */
function visibleRuns(call: Call): Run[] {
  const lag = call.world.quirks.listLag ?? 0;
  return call.world.all().filter((run) => {
    run.counts.listed += 1;
    return run.elapsed() === Infinity || run.counts.listed > lag;
  });
}

function isWanted({ run, standing }: Listed, at: number | undefined, call: Call): boolean {
  const { query } = call;
  const definitions = query.list("definitions").map(Number);
  const ids = query.list("buildIds").map(Number);
  const branch = query.one("branchName");
  const who = query.one("requestedFor")?.toLowerCase();
  const tags = query.list("tagFilters");
  const number = query.one("buildNumber");
  return (
    // An empty list of definitions is no filter at all.
    (definitions.length === 0 || definitions.includes(run.spec.id)) &&
    (ids.length === 0 || ids.includes(run.id)) &&
    (branch === undefined || branch === "" || branch === run.ref) &&
    (who === undefined || who === "" || names(run).includes(who)) &&
    tags.every((tag) => run.tags.some((one) => isSame(one, tag))) &&
    (number === undefined || number === "" || matchesNumber(run.name, number)) &&
    isOneOf("status", standing.status, query.one("statusFilter")) &&
    isOneOf("result", standing.result, query.one("resultFilter")) &&
    isReason(run.reason, query.one("reasonFilter")) &&
    isWithin(at, query.one("minTime"), query.one("maxTime"))
  );
}

function names({ requestedFor }: Run): string[] {
  return [requestedFor.id, requestedFor.displayName, requestedFor.uniqueName].map((name) =>
    name.toLowerCase(),
  );
}

function matchesNumber(name: string, asked: string): boolean {
  return asked.endsWith("*") ? name.startsWith(asked.slice(0, -1)) : name === asked;
}

function isOneOf(kind: "status" | "result", value: string | undefined, filter: string | undefined): boolean {
  const words = (filter ?? "").split(",").flatMap((one) => enumWord(kind, one) ?? []);
  if (words.length === 0 || words.includes("all")) return true;
  return value !== undefined && words.includes(value.toLowerCase());
}

function isReason(value: string, filter: string | undefined): boolean {
  if (filter === undefined || filter === "" || isSame(filter, "all")) return true;
  return filter.split(",").some((one) => isSame(one.trim(), value));
}

function isWithin(at: number | undefined, min: string | undefined, max: string | undefined): boolean {
  const from = min === undefined || min === "" ? -Infinity : Date.parse(min);
  const to = max === undefined || max === "" ? Infinity : Date.parse(max);
  if (from === -Infinity && to === Infinity) return true;
  return at !== undefined && at >= from && at <= to;
}

/** What has not happened yet comes last, whichever way the list runs. */
function compare(one: number | undefined, other: number | undefined, sign: number): number {
  if (one === undefined || other === undefined)
    return Number(one === undefined) - Number(other === undefined);
  return sign * (one - other);
}

function positionAfter(listed: readonly Listed[], moment: Moment, token: string | undefined): number {
  if (token === undefined || token === "") return 0;
  const at = listed.findIndex((one) => wireDate(moment(one) ?? one.run.queuedAt) === token);
  return Math.max(at, 0);
}

function perDefinition(listed: readonly Listed[], call: Call): readonly Listed[] {
  const most = call.query.number("maxBuildsPerDefinition");
  if (most === undefined) return listed;
  const counts = new Map<number, number>();
  return listed.filter(({ run }) => {
    const count = (counts.get(run.spec.id) ?? 0) + 1;
    counts.set(run.spec.id, count);
    return count <= most;
  });
}
