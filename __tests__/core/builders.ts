import type { Issue, Records, RunFacts, TimelineRecord } from "../../src/core/model.ts";
import type { TestCounts } from "../../src/core/run-report.ts";

/** The time `seconds` after the run was created, in ISO format. */
export function at(seconds: number): string {
  return new Date(Date.UTC(2026, 10, 22, 10, 0, 0) + seconds * 1_000).toISOString();
}

export function runOf(overrides: Partial<RunFacts> = {}): RunFacts {
  return {
    id: 345,
    name: "20261122.3",
    status: "completed",
    result: "succeeded",
    unknownResult: undefined,
    url: "https://dev.azure.com/contoso/web/_build/results?buildId=345",
    pipeline: { id: 42, name: "deploy", folder: "\\" },
    source: { ref: "refs/heads/main", commit: "4f2c1e9aa0b1c2d3e4f5061728394a5b6c7d8e9f" },
    repository: { kind: "github", fullName: "contoso/web", host: undefined },
    prSourceSha: undefined,
    createdAt: at(0),
    startedAt: at(14),
    finishedAt: at(450),
    requestedBy: "Example User",
    isPipelinePaused: false,
    tags: [],
    problems: [],
    raw: { id: 345 },
    ...overrides,
  };
}

export function issueOf(message: string, overrides: Partial<Issue> = {}): Issue {
  return {
    severity: "error",
    message,
    logLine: undefined,
    file: undefined,
    line: undefined,
    column: undefined,
    code: undefined,
    ...overrides,
  };
}

/** As many failed tests as there are failures, unless it says otherwise. */
export function testsOf(overrides: Partial<TestCounts> = {}): TestCounts {
  const failed = overrides.failures?.length ?? 0;
  const none = { passed: 0, skipped: 0, others: [], failures: [], newFailures: undefined };
  return { ...none, failed, ...overrides };
}

type RecordFields = Partial<Omit<TimelineRecord, "startedAt" | "finishedAt">> & {
  from?: number;
  to?: number;
};

function buildRecord(
  type: string,
  id: string,
  parentId: string | null,
  { from, to, ...overrides }: RecordFields,
): TimelineRecord {
  const status = to !== undefined ? "completed" : from !== undefined ? "inProgress" : "pending";
  const ownIssues: readonly Issue[] = overrides.issues ?? [];
  const countedIssues = type === "Task" ? ownIssues : [];
  return {
    id,
    parentId,
    type,
    name: id,
    refName: null,
    identifier: null,
    status,
    result: status === "completed" ? "succeeded" : null,
    startedAt: from === undefined ? null : at(from),
    finishedAt: to === undefined ? null : at(to),
    order: null,
    attempt: 1,
    worker: null,
    taskName: null,
    logId: null,
    errors: countedIssues.filter((issue) => issue.severity === "error").length,
    warnings: countedIssues.filter((issue) => issue.severity === "warning").length,
    ...overrides,
    issues: ownIssues,
  };
}

export function stage(identifier: string, overrides: RecordFields = {}): TimelineRecord {
  return buildRecord("Stage", `s-${identifier}`, null, { identifier, name: identifier, ...overrides });
}

/** The Phase record of a YAML job: `Build.Compile`. */
export function phase(identifier: string, overrides: RecordFields = {}): TimelineRecord {
  const [stageName = "", name = identifier] = identifier.split(".");
  return buildRecord("Phase", `p-${identifier}`, `s-${stageName}`, { identifier, name, ...overrides });
}

/** The Job record of a YAML job: `Build.Compile.__default`. */
export function job(identifier: string, overrides: RecordFields = {}): TimelineRecord {
  const parent = identifier.split(".").slice(0, -1).join(".");
  const name = parent.split(".").at(-1) ?? parent;
  return buildRecord("Job", `j-${identifier}`, `p-${parent}`, {
    identifier,
    name,
    worker: "Azure Pipelines 3",
    ...overrides,
  });
}

export function task(name: string, jobIdentifier: string, overrides: RecordFields = {}): TimelineRecord {
  return buildRecord("Task", `t-${jobIdentifier}-${name}`, `j-${jobIdentifier}`, { name, ...overrides });
}

/** The Phase and the Job record of a YAML job. */
export function phaseWithJob(identifier: string, overrides: RecordFields = {}): TimelineRecord[] {
  return [phase(identifier, { ...overrides, issues: [] }), job(`${identifier}.__default`, overrides)];
}

export function checkpoint(stageName: string, kind: string, overrides: RecordFields = {}): TimelineRecord[] {
  const checkpointRecord = buildRecord("Checkpoint", `c-${stageName}`, `s-${stageName}`, overrides);
  return [
    checkpointRecord,
    buildRecord(`Checkpoint.${kind}`, `c-${stageName}-${kind}`, checkpointRecord.id, {
      name: `Checkpoint.${kind}`,
      ...overrides,
    }),
  ];
}

export function recordsOf(...records: readonly (TimelineRecord | readonly TimelineRecord[])[]): Records {
  return new Map(records.flat().map((item) => [item.id, item]));
}

/** A failed run: Build succeeded, Staging failed after an approval, Production was skipped. */
export function failingRun(): Records {
  const issues = [issueOf("Bash exited with code '22'.", { logLine: 41 })];
  return recordsOf(
    stage("Build", { order: 1, from: 14, to: 161 }),
    phaseWithJob("Build.Compile", { order: 1, from: 14, to: 160 }),
    task("dotnet build", "Build.Compile.__default", { from: 20, to: 150, logId: 11, issues: warnings(2) }),
    phaseWithJob("Build.UnitTests", {
      order: 2,
      from: 20,
      to: 138,
      name: "Unit tests",
      worker: "Azure Pipelines 7",
    }),
    stage("Staging", { order: 2, from: 161, to: 362, result: "failed" }),
    checkpoint("Staging", "Approval", { from: 161, to: 242 }),
    phaseWithJob("Staging.Deploy", { order: 1, from: 242, to: 309 }),
    phaseWithJob("Staging.Smoke", { order: 2, from: 309, to: 362, result: "failed", name: "Smoke tests" }),
    task("Run curl", "Staging.Smoke.__default", {
      from: 310,
      to: 361,
      result: "failed",
      logId: 21,
      issues: issues,
    }),
    stage("Production", { order: 3, from: 362, to: 362, result: "skipped" }),
    phase("Production.Deploy", { from: 362, to: 362, result: "skipped" }),
  );
}

function warnings(count: number): Issue[] {
  return Array.from({ length: count }, (_, index) => issueOf(`warning ${index}`, { severity: "warning" }));
}
