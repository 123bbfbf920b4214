import { buildRunTree } from "../core/build-run-tree.ts";
import type { RunFacts } from "../core/model.ts";
import { medianOf } from "../core/progress.ts";
import type { Baseline, Commit } from "../core/run-report.ts";
import type { RunTree } from "../core/run-tree.ts";
import { ignoreError } from "../errors.ts";
import { asArray, asObject, asString } from "../lib/json.ts";
import { parseTime } from "../lib/time.ts";
import type { RequestOptions } from "../ports.ts";
import type { SendRequest } from "./api-request.ts";
import type { RunUrlBuilder } from "./builds.ts";
import { decodeBuild } from "./decode.ts";
import { decodeRecords } from "./timeline.ts";

interface BaselineQuery extends RequestOptions {
  readonly run: RunFacts;
  readonly runUrl: RunUrlBuilder;
}

/**
 * The last runs of the same pipeline and ref that succeeded before a run, and the commits since the last of them;
 * `undefined` if there is none.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/list
 */
export async function readBaseline(
  send: SendRequest,
  { run, runUrl, ...options }: BaselineQuery,
  signal: AbortSignal,
): Promise<Baseline | undefined> {
  const { pipeline, source } = run;
  if (pipeline.id === null || source.ref === null) return undefined;
  const { value } = await send({
    method: "GET",
    path: "_apis/build/builds",
    query: {
      definitions: pipeline.id,
      branchName: source.ref,
      statusFilter: "completed",
      resultFilter: "succeeded",
      queryOrder: "finishTimeDescending",
      maxTime: run.finishedAt ?? undefined,
      $top: 10,
    },
    decode: (json) => asArray(asObject(json)["value"]).map((entry) => decodeBuild(entry, runUrl)),
    operation: "Reading the last run that succeeded",
    ...options,
    signal,
  });
  // A server may ignore filters.
  const successes = value.filter(
    (other) =>
      other.id < run.id &&
      other.result === "succeeded" &&
      other.pipeline.id === pipeline.id &&
      other.source.ref === source.ref,
  );
  const [last] = successes;
  if (last === undefined) return undefined;
  const isSameCommit = source.commit !== null && last.source.commit === source.commit;
  const [commits, tree] = await Promise.all([
    isSameCommit
      ? undefined
      : readCommits(send, { from: last.id, to: run.id, ...options }, signal).catch(
          ignoreError("the last run that succeeded is shown without the commits since"),
        ),
    readRunTree(send, { runId: last.id, ...options }, signal).catch(
      ignoreError("the durations of stages are not compared"),
    ),
  ]);
  return {
    lastSuccess: last,
    isSameCommit,
    commits,
    typicalMs: medianOf(successes.flatMap(durationOf)),
    tree,
  };
}

/** https://learn.microsoft.com/rest/api/azure/devops/build/timeline/get */
async function readRunTree(
  send: SendRequest,
  { runId, ...options }: RequestOptions & { readonly runId: number },
  signal: AbortSignal,
): Promise<RunTree> {
  const { value } = await send({
    method: "GET",
    path: `_apis/build/builds/${runId}/timeline`,
    decode: decodeRecords,
    operation: "Reading the stages of the last run that succeeded",
    ...options,
    signal,
  });
  return buildRunTree(new Map(value.map((record) => [record.id, record])));
}

function durationOf({ startedAt, finishedAt }: RunFacts): number[] {
  const [start, end] = [parseTime(startedAt), parseTime(finishedAt)];
  return start === undefined || end === undefined ? [] : [Math.max(0, end - start)];
}

const maxCommits = 50;

interface CommitRange extends RequestOptions {
  readonly from: number;
  readonly to: number;
}

/** The newest first. https://learn.microsoft.com/rest/api/azure/devops/build/builds/get-changes-between-builds */
async function readCommits(
  send: SendRequest,
  { from, to, ...options }: CommitRange,
  signal: AbortSignal,
): Promise<Baseline["commits"]> {
  const { value } = await send({
    method: "GET",
    path: "_apis/build/changes",
    query: { fromBuildId: from, toBuildId: to, $top: maxCommits },
    version: "7.1-preview.2",
    decode: (json) => asArray(asObject(json)["value"]),
    operation: "Reading the commits since the last run that succeeded",
    ...options,
    signal,
  });
  return { first: value.flatMap(decodeCommit), hasMore: value.length >= maxCommits };
}

function decodeCommit(json: unknown): Commit[] {
  const { id, message, author, displayUri } = asObject(json);
  const hash = asString(id);
  if (hash === null) return [];
  return [
    {
      hash,
      title: (asString(message) ?? "").trim().split(/\r?\n/, 1)[0] ?? "",
      author: asString(asObject(author)["displayName"]) ?? undefined,
      url: asString(displayUri) ?? undefined,
    },
  ];
}
