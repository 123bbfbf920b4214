import * as v from "valibot";
import type { Trigger } from "../core/default-ref.ts";

type TriggerEnv = Readonly<Record<string, string | undefined>>;

/** Anything that has another shape than GitHub's counts as absent: the workflow's own ref still stands. */
const orAbsent = <T extends v.GenericSchema>(schema: T) => v.fallback(v.optional(schema), undefined);

const nonEmptyText = v.pipe(v.string(), v.nonEmpty());

const payloadShape = v.object({
  deleted: orAbsent(v.boolean()),
  repository: orAbsent(v.object({ default_branch: orAbsent(nonEmptyText) })),
  pull_request: orAbsent(
    v.object({
      number: v.number(),
      head: v.object({
        ref: nonEmptyText,
        sha: nonEmptyText,
        repo: orAbsent(v.object({ full_name: nonEmptyText })),
      }),
      base: v.object({ ref: nonEmptyText }),
      merged_at: orAbsent(nonEmptyText),
    }),
  ),
  workflow_run: orAbsent(v.object({ head_sha: nonEmptyText })),
});

/** What started this workflow. A payload that is missing or cannot be read leaves only what the environment says. */
export function readTrigger(env: TriggerEnv, readFile: (path: string) => string): Trigger {
  const payload = readPayload(env["GITHUB_EVENT_PATH"], readFile);
  const pullRequest = payload?.pull_request;
  const workflowRun = payload?.workflow_run;
  return {
    event: env["GITHUB_EVENT_NAME"] ?? "",
    repository: env["GITHUB_REPOSITORY"] ?? "",
    serverUrl: env["GITHUB_SERVER_URL"] || "https://github.com",
    ref: env["GITHUB_REF"] ?? "",
    sha: env["GITHUB_SHA"] ?? "",
    defaultBranch: payload?.repository?.default_branch,
    deleted: payload?.deleted,
    pullRequest: pullRequest && {
      number: pullRequest.number,
      headRef: pullRequest.head.ref,
      headSha: pullRequest.head.sha,
      headRepository: pullRequest.head.repo?.full_name,
      baseRef: pullRequest.base.ref,
      merged: pullRequest.merged_at !== undefined,
    },
    workflowRunHeadSha: workflowRun?.head_sha,
  };
}

/** The commit that a check or a status goes on: the pull request's head, else GITHUB_SHA. */
export function headCommit(trigger: Trigger): string {
  return trigger.pullRequest?.headSha ?? trigger.workflowRunHeadSha ?? trigger.sha;
}

function readPayload(path: string | undefined, readFile: (path: string) => string) {
  if (!path) return undefined;
  try {
    const parsed = v.safeParse(payloadShape, JSON.parse(readFile(path)));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}
