import type { ApiResponse } from "../http/response.ts";
import { pageOf } from "./pages.ts";
import { annotationBody, checkRunBody, combinedStatusBody, errorBody, statusBody } from "./responses.ts";
import type { StoredCheckRun, StoredStatus } from "./stored.ts";
import { checkRunError, type JsonObject, missingFieldError, shaError, statusError } from "./validation.ts";

/** What GitHub keeps on the commits of one repository. */
export interface GitHubStore {
  /** The address of the repository, by which its resources name themselves. */
  readonly repositoryUrl: () => string;
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
    suite_id: suiteIdOf(store, String(body["head_sha"])),
    external_id: null,
    details_url: null,
    status: "queued",
    conclusion: null,
    started_at: new Date(now).toISOString(),
    completed_at: null,
    output: { title: null, summary: null, annotations_count: 0 },
    text: null,
    annotations: [],
  };
  store.checkRuns.push(check);
  applyUpdate(check, body, now);
  return { status: 201, json: checkRunBody(check, store.repositoryUrl()) };
}

function suiteIdOf({ checkRuns }: GitHubStore, sha: string): number {
  const known = checkRuns.find((check) => check.head_sha === sha)?.suite_id;
  return known ?? new Set(checkRuns.map((check) => check.suite_id)).size + 1;
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
  return { status: 200, json: checkRunBody(check, store.repositoryUrl()) };
}

export function readCheckRun(store: GitHubStore, id: number): ApiResponse | undefined {
  const check = store.checkRuns.find((one) => one.id === id);
  return check && { status: 200, json: checkRunBody(check, store.repositoryUrl()) };
}

export function listAnnotations(store: GitHubStore, id: number, url: URL): ApiResponse | undefined {
  const check = store.checkRuns.find((one) => one.id === id);
  const annotations = check?.annotations.map((annotation) =>
    annotationBody(annotation, check.head_sha, store.repositoryUrl()),
  );
  if (annotations === undefined) return undefined;
  const { items, headers } = pageOf(annotations, url);
  return { status: 200, headers, json: items };
}

/** By default the latest of each name only, which is why `filter=all` exists. */
export function listCheckRuns(store: GitHubStore, sha: string, url: URL): ApiResponse {
  const { searchParams: query } = url;
  const newestFirst = store.checkRuns.filter((check) => check.head_sha === sha).toReversed();
  const names = new Set<string>();
  const found = newestFirst.filter((check) => {
    const isLatest = !names.has(check.name);
    names.add(check.name);
    const hasName = (query.get("check_name") ?? check.name) === check.name;
    const hasStatus = (query.get("status") ?? check.status) === check.status;
    return hasName && hasStatus && (isLatest || query.get("filter") === "all");
  });
  return checkRunPage(found, store, url);
}

export function checkRunPage(
  checks: readonly StoredCheckRun[],
  { repositoryUrl }: GitHubStore,
  url: URL,
): ApiResponse {
  const { items, headers } = pageOf(checks, url);
  const page = items.map((check) => checkRunBody(check, repositoryUrl()));
  return { status: 200, headers, json: { total_count: checks.length, check_runs: page } };
}

export function createStatus(store: GitHubStore, sha: string, body: JsonObject, now: number): ApiResponse {
  const error = shaError(sha) ?? statusError(body);
  if (error !== undefined) return unprocessable(error);
  const status: StoredStatus = {
    id: 2000 + store.statuses.length,
    sha,
    state: String(body["state"]),
    context: stringOrNull(body["context"]) ?? "default",
    description: stringOrNull(body["description"]),
    target_url: stringOrNull(body["target_url"]),
    created_at: new Date(now).toISOString(),
  };
  store.statuses.push(status);
  return { status: 201, json: statusBody(status, store.repositoryUrl()) };
}

/** The newest first, every one that was ever written. */
export function listStatuses(store: GitHubStore, sha: string, url: URL): ApiResponse {
  const { items, headers } = pageOf(statusesOf(store, sha), url);
  return { status: 200, headers, json: items.map((status) => statusBody(status, store.repositoryUrl())) };
}

/** The newest of each context only. */
export function readCombinedStatus(store: GitHubStore, sha: string, url: URL): ApiResponse {
  const newest = new Map<string, StoredStatus>();
  for (const status of statusesOf(store, sha)) {
    if (!newest.has(status.context)) newest.set(status.context, status);
  }
  const all = [...newest.values()];
  const { items, headers } = pageOf(all, url);
  return { status: 200, headers, json: combinedStatusBody(sha, { all, page: items }, store.repositoryUrl()) };
}

function statusesOf(store: GitHubStore, sha: string): StoredStatus[] {
  return store.statuses.filter((status) => status.sha === sha).toReversed();
}

function applyUpdate(check: StoredCheckRun, body: JsonObject, now: number): void {
  const output = body["output"] as JsonObject | undefined;
  check.external_id = stringOrNull(body["external_id"]) ?? check.external_id;
  check.details_url = stringOrNull(body["details_url"]) ?? check.details_url;
  check.started_at = stringOrNull(body["started_at"]) ?? check.started_at;
  check.conclusion = stringOrNull(body["conclusion"]) ?? check.conclusion;
  // A conclusion completes a check run, whatever its `status` is.
  check.status =
    body["conclusion"] === undefined ? (stringOrNull(body["status"]) ?? check.status) : "completed";
  if (check.status === "completed") check.completed_at ??= new Date(now).toISOString();
  if (output === undefined) return;
  check.annotations.push(...((output["annotations"] ?? []) as JsonObject[]));
  check.text = stringOrNull(output["text"]);
  check.output = {
    title: stringOrNull(output["title"]),
    summary: stringOrNull(output["summary"]),
    annotations_count: check.annotations.length,
  };
}

export function unprocessable(message: string): ApiResponse {
  return { status: 422, json: errorBody(422, `Validation Failed: ${message}`, [message]) };
}

function stringOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
