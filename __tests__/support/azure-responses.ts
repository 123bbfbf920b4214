import type { Reply } from "./scripted-azure.ts";

/** Responses about pipeline 42 and its run 345, as the service words them. */

export const runId = 345;

export const commit = "4f2c1e9a0b7d4c3e8f6a5b1c2d3e4f5a6b7c8d9e";

export const startRequestLine = "POST pipelines/42/runs?api-version=7.1";

export const pollRequestLine = "GET build/builds/345?api-version=7.1";

export const runUrl = "https://dev.azure.com/contoso/0a1b/_build/results?buildId=345";

export const pollRoute = "GET build/builds/345";

export const startRoute = "POST pipelines/42/runs";

export const timelineRoute = "GET build/builds/345/timeline";

type Fields = Readonly<Record<string, unknown>>;

export function runJson(overrides: Fields = {}): Fields {
  return {
    _links: { web: { href: runUrl } },
    pipeline: { id: 42, name: "ci", folder: "\\", revision: 3 },
    state: "inProgress",
    createdDate: "2026-06-02T14:40:57.7141572Z",
    resources: {
      repositories: {
        self: {
          repository: { id: "9f2e", type: "azureReposGit" },
          refName: "refs/heads/main",
          version: commit,
        },
      },
    },
    id: runId,
    name: "20260602.13",
    ...overrides,
  };
}

export function buildJson(status: string, overrides: Fields = {}): Fields {
  return {
    _links: { web: { href: runUrl } },
    id: runId,
    buildNumber: "20260602.13",
    status,
    queueTime: "2026-06-02T14:40:57.7141572Z",
    ...(status !== "notStarted" && { startTime: "2026-06-02T14:41:09.7141572Z" }),
    ...(status === "completed" && { finishTime: "2026-06-02T14:46:49.7141572Z", result: "succeeded" }),
    definition: { id: 42, name: "ci", path: "\\" },
    sourceBranch: "refs/heads/main",
    sourceVersion: commit,
    ...overrides,
  };
}

/** The identity that the action authenticates as, as responses name it. */
const caller = { id: "aaaa-1", header: { "x-vss-userdata": "AAAA-1:robot@contoso.example" } };

/** A list of runs, each requested by the action's own identity unless overridden. */
export function buildList(...builds: readonly Fields[]): Reply {
  const value = builds.map((build) => ({ requestedFor: { id: caller.id }, ...build }));
  return { headers: caller.header, body: { count: value.length, value } };
}

export const jsonReply = (body: unknown): Reply => ({ body });

export const statusReplies = (...statuses: readonly string[]): Reply[] =>
  statuses.map((status) => ({ body: buildJson(status) }));

export const completedReply = (result: string): Reply => ({ body: buildJson("completed", { result }) });

export const noTimeline: Reply = { status: 204 };

/** A run without tests and artifacts, which starts and succeeds by the second poll. */
export const happyPath: Readonly<Record<string, Reply | Reply[]>> = {
  [startRoute]: { body: runJson() },
  [pollRoute]: statusReplies("inProgress", "completed"),
  [timelineRoute]: noTimeline,
  "GET testresults/resultsummarybybuild": { body: { aggregatedResultsAnalysis: {} } },
  "GET build/builds/345/artifacts": { body: { count: 0, value: [] } },
};

/** An error response with the service's envelope. */
export function errorReply(status: number, typeKey: string, message: string, overrides: Fields = {}): Reply {
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
      ...overrides,
    },
  };
}

/** The service's message for a throttled request; the service has also sent it with 403. */
export const throttlingMessage =
  "TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource 'Concurrency' in namespace 'User'.";

export function htmlReply(status: number, text = "The service is unavailable."): Reply {
  return {
    status,
    headers: { "content-type": "text/html; charset=utf-8" },
    body: `<html><body>${text}</body></html>`,
  };
}

interface RecordNames {
  readonly name: string;
  readonly identifier: string;
}

/** A stage with one job of one task. */
export function timelineRecords(state: string, result: string | null = null): Fields[] {
  const times = {
    startTime: state === "pending" ? null : "2026-06-02T14:41:09Z",
    finishTime: state === "completed" ? "2026-06-02T14:46:49Z" : null,
  };
  const record = (type: string, [id, parentId]: readonly [string, string | null], names: RecordNames) => ({
    ...times,
    id,
    parentId,
    type,
    ...names,
    refName: names.name,
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
