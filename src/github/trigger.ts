import type { Trigger } from "../core/default-ref.ts";
import { getObject } from "../lib/json.ts";

type TriggerEnv = Readonly<Record<string, string | undefined>>;

/** What started this workflow. A payload that is missing or cannot be read leaves only what the environment says. */
export function readTrigger(env: TriggerEnv, readFile: (path: string) => string): Trigger {
  const payload = readPayload(env["GITHUB_EVENT_PATH"], readFile);
  const { deleted } = getObject(payload);
  return {
    event: env["GITHUB_EVENT_NAME"] ?? "",
    repository: env["GITHUB_REPOSITORY"] ?? "",
    serverUrl: env["GITHUB_SERVER_URL"] || "https://github.com",
    ref: env["GITHUB_REF"] ?? "",
    sha: env["GITHUB_SHA"] ?? "",
    defaultBranch: nonEmptyText(getObject(payload, "repository")["default_branch"]),
    deleted: typeof deleted === "boolean" ? deleted : undefined,
    pullRequest: readPullRequest(payload),
    workflowRunHeadSha: nonEmptyText(getObject(payload, "workflow_run")["head_sha"]),
  };
}

/** A pull request that lacks a part counts as absent: the workflow's own ref still applies. */
function readPullRequest(payload: unknown): Trigger["pullRequest"] {
  const { number, merged_at: mergedAt } = getObject(payload, "pull_request");
  const head = getObject(payload, "pull_request", "head");
  const headRef = nonEmptyText(head["ref"]);
  const headSha = nonEmptyText(head["sha"]);
  const baseRef = nonEmptyText(getObject(payload, "pull_request", "base")["ref"]);
  if (typeof number !== "number" || headRef === undefined || headSha === undefined || baseRef === undefined)
    return undefined;
  const headRepository = nonEmptyText(getObject(head, "repo")["full_name"]);
  const merged = nonEmptyText(mergedAt) !== undefined;
  return { number, headRef, headSha, headRepository, baseRef, merged };
}

function nonEmptyText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The commit that a check or a status goes on: the pull request's head, else GITHUB_SHA. */
export function headCommit(trigger: Trigger): string {
  return trigger.pullRequest?.headSha ?? trigger.workflowRunHeadSha ?? trigger.sha;
}

function readPayload(path: string | undefined, readFile: (path: string) => string): unknown {
  if (!path) return undefined;
  try {
    return JSON.parse(readFile(path));
  } catch {
    return undefined;
  }
}
