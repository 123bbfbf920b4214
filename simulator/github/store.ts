import type { ApiResponse } from "../http/response.ts";
import { checkRunError, type JsonObject, missingFieldError, shaError, statusError } from "./validation.ts";

interface StoredCheckRun {
  readonly id: number;
  readonly name: string;
  readonly head_sha: string;
  external_id: string | null;
  details_url: string | null;
  status: string;
  conclusion: string | null;
  started_at: string;
  completed_at: string | null;
  output: { title: string | null; summary: string | null; annotations_count: number };
  /** All that were ever written: GitHub adds those of each request to those it has. */
  annotations: JsonObject[];
}

interface StoredStatus {
  readonly id: number;
  readonly sha: string;
  readonly state: string;
  readonly context: string;
  readonly description: string | null;
  readonly target_url: string | null;
}

/** What GitHub keeps on the commits of one repository. */
export interface GitHubStore {
  readonly checkRuns: StoredCheckRun[];
  readonly statuses: StoredStatus[];
}

export function createCheckRun(store: GitHubStore, body: JsonObject, now: number): ApiResponse {
  const error =
    missingFieldError(body, ["name", "head_sha"]) ?? shaError(body["head_sha"]) ?? checkRunError(body);
  if (error !== undefined) return unprocessable(error);
  const check: StoredCheckRun = {
    id: 1000 + store.checkRuns.length,
    name: String(body["name"]),
    head_sha: String(body["head_sha"]),
    external_id: null,
    details_url: null,
    status: "queued",
    conclusion: null,
    started_at: new Date(now).toISOString(),
    completed_at: null,
    output: { title: null, summary: null, annotations_count: 0 },
    annotations: [],
  };
  store.checkRuns.push(check);
  applyUpdate(check, body, now);
  return { status: 201, json: checkRunJson(check) };
}

export function updateCheckRun(
  store: GitHubStore,
  id: number,
  body: JsonObject,
  now: number,
): ApiResponse | undefined {
  const check = store.checkRuns.find((one) => one.id === id);
  if (check === undefined) return undefined;
  const error = checkRunError(body);
  if (error !== undefined) return unprocessable(error);
  applyUpdate(check, body, now);
  return { status: 200, json: checkRunJson(check) };
}

/** By default the latest of each name only, which is why `filter=all` exists. */
export function listCheckRuns(store: GitHubStore, sha: string, query: URLSearchParams): ApiResponse {
  const newestFirst = store.checkRuns.filter((check) => check.head_sha === sha).toReversed();
  const names = new Set<string>();
  const found = newestFirst.filter((check) => {
    const isLatest = !names.has(check.name);
    names.add(check.name);
    const hasName = (query.get("check_name") ?? check.name) === check.name;
    const hasStatus = (query.get("status") ?? check.status) === check.status;
    return hasName && hasStatus && (isLatest || query.get("filter") === "all");
  });
  const page = found.slice(0, Number(query.get("per_page") ?? 30));
  return { status: 200, json: { total_count: found.length, check_runs: page.map(checkRunJson) } };
}

export function createStatus(store: GitHubStore, sha: string, body: JsonObject): ApiResponse {
  const error = shaError(sha) ?? statusError(body);
  if (error !== undefined) return unprocessable(error);
  const status: StoredStatus = {
    id: 2000 + store.statuses.length,
    sha,
    state: String(body["state"]),
    context: stringOrNull(body["context"]) ?? "default",
    description: stringOrNull(body["description"]),
    target_url: stringOrNull(body["target_url"]),
  };
  store.statuses.push(status);
  return { status: 201, json: status };
}

/** The newest first, every one that was ever written. */
export function listStatuses(store: GitHubStore, sha: string): ApiResponse {
  return { status: 200, json: store.statuses.filter((status) => status.sha === sha).toReversed() };
}

function applyUpdate(check: StoredCheckRun, body: JsonObject, now: number): void {
  const output = body["output"] as JsonObject | undefined;
  check.external_id = stringOrNull(body["external_id"]) ?? check.external_id;
  check.details_url = stringOrNull(body["details_url"]) ?? check.details_url;
  check.started_at = stringOrNull(body["started_at"]) ?? check.started_at;
  check.conclusion = stringOrNull(body["conclusion"]) ?? check.conclusion;
  // A conclusion completes a check run, whatever else is said.
  check.status =
    body["conclusion"] === undefined ? (stringOrNull(body["status"]) ?? check.status) : "completed";
  if (check.status === "completed") check.completed_at ??= new Date(now).toISOString();
  if (output === undefined) return;
  check.annotations.push(...((output["annotations"] ?? []) as JsonObject[]));
  check.output = {
    title: stringOrNull(output["title"]),
    summary: stringOrNull(output["summary"]),
    annotations_count: check.annotations.length,
  };
}

function checkRunJson({ annotations: _written, ...check }: StoredCheckRun): JsonObject {
  return { ...check, app: { id: 15368, slug: "github-actions" } };
}

function unprocessable(message: string): ApiResponse {
  return { status: 422, json: { message: `Validation Failed: ${message}`, errors: [message] } };
}

function stringOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
