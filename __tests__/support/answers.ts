import type { Reply } from "./scripted-azure.ts";

/** Answers of a pipeline 42 and its run 345, in the service's own words. */

export const runId = 345;
export const commit = "4f2c1e9a0b7d4c3e8f6a5b1c2d3e4f5a6b7c8d9e";
export const startLine = "POST pipelines/42/runs?api-version=7.1";
export const lookLine = "GET build/builds/345?api-version=7.1";
export const webAddress = "https://dev.azure.com/contoso/0a1b/_build/results?buildId=345";
export const looking = "GET build/builds/345";
export const starting = "POST pipelines/42/runs";
export const timeline = "GET build/builds/345/timeline";

type Fields = Readonly<Record<string, unknown>>;

export function startedRun(over: Fields = {}): Fields {
  return {
    _links: { web: { href: webAddress } },
    pipeline: { id: 42, name: "ci", folder: "\\", revision: 3 },
    state: "inProgress",
    createdDate: "2026-06-02T14:40:57.7141572Z",
    resources: { repositories: { self: { refName: "refs/heads/main", version: commit } } },
    id: runId,
    name: "20260602.13",
    ...over,
  };
}

export function build(status: string, over: Fields = {}): Fields {
  return {
    _links: { web: { href: webAddress } },
    id: runId,
    buildNumber: "20260602.13",
    status,
    queueTime: "2026-06-02T14:40:57.7141572Z",
    ...(status !== "notStarted" && { startTime: "2026-06-02T14:41:09.7141572Z" }),
    ...(status === "completed" && { finishTime: "2026-06-02T14:46:49.7141572Z", result: "succeeded" }),
    definition: { id: 42, name: "ci", path: "\\" },
    sourceBranch: "refs/heads/main",
    sourceVersion: commit,
    ...over,
  };
}

export const answered = (body: unknown): Reply => ({ body });
export const statuses = (...words: readonly string[]): Reply[] =>
  words.map((word) => ({ body: build(word) }));
export const ended = (result: string): Reply => ({ body: build("completed", { result }) });
export const noTimeline: Reply = { status: 204 };

/** A run that starts, is looked at twice, and ends well. */
export const goodCourse: Readonly<Record<string, Reply | Reply[]>> = {
  [starting]: { body: startedRun() },
  [looking]: statuses("inProgress", "completed"),
  [timeline]: noTimeline,
};

/** The error envelope. */
export function refused(status: number, typeKey: string, message: string, over: Fields = {}): Reply {
  return {
    status,
    headers: { activityid: "467548ad-8e34-48ce-9a51-1b427f17692d" },
    body: {
      $id: "1",
      innerException: null,
      message,
      typeName: `Microsoft.${typeKey}, Microsoft`,
      typeKey,
      errorCode: 0,
      eventId: 3000,
      ...over,
    },
  };
}

/** How the service has worded throttling, and once with 403. */
export const blocked =
  "TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource 'Concurrency' in namespace 'User'.";

export function html(status: number, text = "The service is unavailable."): Reply {
  return {
    status,
    headers: { "content-type": "text/html; charset=utf-8" },
    body: `<html><body>${text}</body></html>`,
  };
}

interface Names {
  readonly name: string;
  readonly identifier: string;
}

/** A stage with one job of one task. */
export function records(state: string, result: string | null = null): Fields[] {
  const times = {
    startTime: state === "pending" ? null : "2026-06-02T14:41:09Z",
    finishTime: state === "completed" ? "2026-06-02T14:46:49Z" : null,
  };
  const record = (type: string, [id, parentId]: readonly [string, string | null], own: Names) => ({
    ...times,
    id,
    parentId,
    type,
    ...own,
    refName: own.name,
    state,
    result,
    order: 1,
    attempt: 1,
    log: null,
    errorCount: result === "failed" && type === "Task" ? 1 : 0,
    warningCount: 0,
    ...(result === "failed" &&
      type === "Task" && {
        issues: [{ type: "error", category: "General", message: "The tests failed.", data: {} }],
      }),
  });
  return [
    record("Stage", ["s", null], { name: "Deploy", identifier: "Deploy" }),
    record("Phase", ["p", "s"], { name: "smoke", identifier: "Deploy.smoke" }),
    record("Job", ["j", "p"], { name: "Smoke tests", identifier: "Deploy.smoke.__default" }),
    record("Task", ["t", "j"], { name: "Run the tests", identifier: "Deploy.smoke.__default.tests" }),
  ];
}
