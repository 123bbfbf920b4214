import * as v from "valibot";
import type { Trigger } from "../core/default-ref.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Anything that has another shape than GitHub's counts as absent: the workflow's own ref still stands. */
const absent = <T extends v.GenericSchema>(schema: T) => v.fallback(v.optional(schema), undefined);
const text = v.pipe(v.string(), v.nonEmpty());

const payloadShape = v.object({
  deleted: absent(v.boolean()),
  repository: absent(v.object({ default_branch: absent(text) })),
  pull_request: absent(
    v.object({
      number: v.number(),
      head: v.object({ ref: text, sha: text, repo: absent(v.object({ full_name: text })) }),
      base: v.object({ ref: text }),
      merged_at: absent(text),
    }),
  ),
  workflow_run: absent(v.object({ event: text, head_sha: text })),
});

/** What started this workflow. A payload that is missing or cannot be read leaves only what the environment says. */
export function readTrigger(env: Env, readFile: (path: string) => string): Trigger {
  const payload = readPayload(env["GITHUB_EVENT_PATH"], readFile);
  const pull = payload?.pull_request;
  const earlier = payload?.workflow_run;
  return {
    event: env["GITHUB_EVENT_NAME"] ?? "",
    repository: env["GITHUB_REPOSITORY"] ?? "",
    serverUrl: env["GITHUB_SERVER_URL"] || "https://github.com",
    ref: env["GITHUB_REF"] ?? "",
    sha: env["GITHUB_SHA"] ?? "",
    defaultBranch: payload?.repository?.default_branch,
    deleted: payload?.deleted,
    pullRequest: pull && {
      number: pull.number,
      headRef: pull.head.ref,
      headSha: pull.head.sha,
      headRepository: pull.head.repo?.full_name,
      baseRef: pull.base.ref,
      merged: pull.merged_at !== undefined,
    },
    earlierHeadSha: earlier?.event === "pull_request" ? earlier.head_sha : undefined,
  };
}

/** The commit that a check or a status goes on: the pull request's head, else GITHUB_SHA. */
export function headCommit(trigger: Trigger): string {
  return trigger.pullRequest?.headSha ?? trigger.earlierHeadSha ?? trigger.sha;
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
