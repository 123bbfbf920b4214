import type { PipelineRepository } from "../core/default-ref.ts";
import type { ProjectNames, RunFacts, RunResult, RunStatus } from "../core/model.ts";
import type { RunSource } from "../core/report-commit.ts";
import { TransientError } from "../errors.ts";
import { asArray, asId, asObject, asString, type JsonFields } from "../lib/json.ts";
import { oneLine } from "../lib/text.ts";

/** A date, or null if there is none: the service represents "never" as the year 1. */
export function asDate(value: unknown): string | null {
  if (typeof value !== "string" || value.startsWith("0001-") || Number.isNaN(Date.parse(value))) return null;
  return value;
}

const runStatuses: ReadonlyMap<string, RunStatus> = new Map([
  ["none", "notStarted"],
  ["notstarted", "notStarted"],
  ["postponed", "postponed"],
  ["inprogress", "inProgress"],
  ["cancelling", "canceling"],
  ["completed", "completed"],
  // The service has abandoned the run, so it has ended.
  ["abandoned", "completed"],
]);

const runResults: ReadonlyMap<string, RunResult> = new Map([
  ["succeeded", "succeeded"],
  ["partiallysucceeded", "partiallySucceeded"],
  ["failed", "failed"],
  ["canceled", "canceled"],
]);

/**
 * Decodes a build. An unknown status counts as still running, an unknown result as failed.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/get
 */
export function decodeBuild(json: unknown, fallbackUrl: (id: number) => string): RunFacts {
  const build = asObject(json);
  const id = asId(build["id"]);
  const rawStatus = asString(build["status"]);
  if (id === null || rawStatus === null)
    throw new TransientError("the response was not a run: it had no id or status");
  const status = runStatuses.get(rawStatus.toLowerCase()) ?? "inProgress";
  const definition = asObject(build["definition"]);
  const isCompleted = status === "completed";
  const { ref, commit, repository, prSourceSha } = decodeSource(build);
  return {
    id,
    name: asString(build["buildNumber"]) ?? String(id),
    status,
    ...decodeResult(isCompleted ? (asString(build["result"]) ?? resultWithoutWord(rawStatus)) : null),
    url: webUrl(build) ?? fallbackUrl(id),
    pipeline: {
      id: asId(definition["id"]),
      name: asString(definition["name"]),
      folder: asString(definition["path"]),
    },
    source: { ref, commit },
    repository: build["repository"] === undefined ? undefined : repository,
    prSourceSha,
    project: decodeProject(build["project"]),
    createdAt: asDate(build["queueTime"]),
    startedAt: asDate(build["startTime"]),
    finishedAt: isCompleted ? asDate(build["finishTime"]) : null,
    requestedBy: asString(asObject(build["requestedFor"])["displayName"]),
    isPipelinePaused: asString(definition["queueStatus"])?.toLowerCase() === "paused",
    tags: asArray(build["tags"]).filter((tag) => typeof tag === "string"),
    problems: asArray(build["validationResults"]).flatMap(decodeProblem),
    raw: json,
  };
}

/** Which commit of which repository a build is of. */
export function decodeSource(build: JsonFields): RunSource {
  return {
    ref: asString(build["sourceBranch"]),
    commit: asString(build["sourceVersion"]),
    prSourceSha: asString(asObject(build["triggerInfo"])["pr.sourceSha"])?.toLowerCase(),
    repository: decodeRepository(build["repository"]),
  };
}

export function decodeRepository(value: unknown): PipelineRepository {
  const repository = asObject(value);
  const properties = asObject(repository["properties"]);
  const kinds = { github: "github", githubenterprise: "github-enterprise" } as const;
  const type = (asString(repository["type"]) ?? "").toLowerCase();
  const kind = type === "github" || type === "githubenterprise" ? kinds[type] : "other";
  const url = asString(repository["url"]) ?? asString(properties["cloneUrl"]);
  const path = url === null ? null : URL.parse(url);
  const names = [repository["id"], properties["fullName"], repository["name"], path?.pathname];
  const fullName = names
    .map((name) => asString(name)?.replace(/^\/|(\.git)?\/?$/g, ""))
    .find((name) => name !== undefined && /^[^/]+\/[^/]+$/.test(name));
  return { kind, fullName, name: asString(repository["name"]) ?? undefined, host: path?.host };
}

export function decodeProject(value: unknown): ProjectNames | undefined {
  const { id, name } = asObject(value);
  return value === undefined ? undefined : { id: asString(id), name: asString(name) };
}

/** Warnings are not reasons. */
function decodeProblem(value: unknown): string[] {
  const { result, message } = asObject(value);
  const text = asString(message);
  return text === null || oneLine(text) === "" || asString(result)?.toLowerCase() !== "error" ? [] : [text];
}

/** The result of a run that has ended without one. */
function resultWithoutWord(rawStatus: string): string {
  return rawStatus.toLowerCase() === "abandoned" ? "failed" : "none";
}

function decodeResult(rawResult: string | null): Pick<RunFacts, "result" | "unknownResult"> {
  if (rawResult === null) return { result: null, unknownResult: undefined };
  const known = runResults.get(rawResult.toLowerCase());
  return { result: known ?? "failed", unknownResult: known === undefined ? rawResult : undefined };
}

/** The page of the run. Values that are not a web URL are ignored. */
export function webUrl(json: JsonFields): string | undefined {
  const href = asString(asObject(json, "_links", "web")["href"]);
  const url = href === null ? null : URL.parse(href);
  return url?.protocol === "https:" || url?.protocol === "http:" ? url.href : undefined;
}
