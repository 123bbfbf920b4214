import type { Answer } from "./answer.ts";
import { missing, wrongCheck, wrongSha, wrongStatus } from "./github-rules.ts";

export type Json = Readonly<Record<string, unknown>>;

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
  annotations: Json[];
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

export function createCheckRun(store: GitHubStore, body: Json, now: number): Answer {
  const wrong = missing(body, ["name", "head_sha"]) ?? wrongSha(body["head_sha"]) ?? wrongCheck(body);
  if (wrong !== undefined) return unprocessable(wrong);
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
  change(check, body, now);
  return { status: 201, json: shown(check) };
}

export function updateCheckRun(store: GitHubStore, id: number, body: Json, now: number): Answer | undefined {
  const check = store.checkRuns.find((one) => one.id === id);
  if (check === undefined) return undefined;
  const wrong = wrongCheck(body);
  if (wrong !== undefined) return unprocessable(wrong);
  change(check, body, now);
  return { status: 200, json: shown(check) };
}

/** By default the latest of each name only, which is why `filter=all` exists. */
export function listCheckRuns(store: GitHubStore, sha: string, query: URLSearchParams): Answer {
  const newestFirst = store.checkRuns.filter((check) => check.head_sha === sha).toReversed();
  const names = new Set<string>();
  const found = newestFirst.filter((check) => {
    const isLatest = !names.has(check.name);
    names.add(check.name);
    const isNamed = (query.get("check_name") ?? check.name) === check.name;
    const isAsked = (query.get("status") ?? check.status) === check.status;
    return isNamed && isAsked && (isLatest || query.get("filter") === "all");
  });
  const page = found.slice(0, Number(query.get("per_page") ?? 30));
  return { status: 200, json: { total_count: found.length, check_runs: page.map(shown) } };
}

export function createStatus(store: GitHubStore, sha: string, body: Json): Answer {
  const wrong = wrongSha(sha) ?? wrongStatus(body);
  if (wrong !== undefined) return unprocessable(wrong);
  const status: StoredStatus = {
    id: 2000 + store.statuses.length,
    sha,
    state: String(body["state"]),
    context: textOf(body["context"]) ?? "default",
    description: textOf(body["description"]),
    target_url: textOf(body["target_url"]),
  };
  store.statuses.push(status);
  return { status: 201, json: status };
}

function change(check: StoredCheckRun, body: Json, now: number): void {
  const output = body["output"] as Json | undefined;
  check.external_id = textOf(body["external_id"]) ?? check.external_id;
  check.details_url = textOf(body["details_url"]) ?? check.details_url;
  check.started_at = textOf(body["started_at"]) ?? check.started_at;
  check.conclusion = textOf(body["conclusion"]) ?? check.conclusion;
  // A conclusion completes a check run, whatever else is said.
  check.status = body["conclusion"] === undefined ? (textOf(body["status"]) ?? check.status) : "completed";
  if (check.status === "completed") check.completed_at ??= new Date(now).toISOString();
  if (output === undefined) return;
  check.annotations.push(...((output["annotations"] ?? []) as Json[]));
  check.output = {
    title: textOf(output["title"]),
    summary: textOf(output["summary"]),
    annotations_count: check.annotations.length,
  };
}

function shown({ annotations: _written, ...check }: StoredCheckRun): Json {
  return { ...check, app: { id: 15368, slug: "github-actions" } };
}

function unprocessable(message: string): Answer {
  return { status: 422, json: { message: `Validation Failed: ${message}`, errors: [message] } };
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
