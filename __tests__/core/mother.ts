import type { Issue, Records, RunFacts, TimelineRecord } from "../../src/core/model.ts";

/** The moment `seconds` after the run was created. */
export function at(seconds: number): string {
  return new Date(Date.UTC(2026, 10, 22, 10, 0, 0) + seconds * 1_000).toISOString();
}

export function runOf(facts: Partial<RunFacts> = {}): RunFacts {
  return {
    id: 345,
    name: "20261122.3",
    status: "completed",
    result: "succeeded",
    unknownResult: undefined,
    url: "https://dev.azure.com/contoso/web/_build/results?buildId=345",
    pipeline: { id: 42, name: "deploy", folder: "\\" },
    source: { ref: "refs/heads/main", commit: "4f2c1e9aa0b1c2d3e4f5061728394a5b6c7d8e9f" },
    createdAt: at(0),
    startedAt: at(14),
    finishedAt: at(450),
    requestedBy: "Example User",
    tags: [],
    problems: [],
    raw: { id: 345 },
    ...facts,
  };
}

export function issueOf(message: string, facts: Partial<Issue> = {}): Issue {
  return {
    severity: "error",
    message,
    logLine: undefined,
    file: undefined,
    line: undefined,
    column: undefined,
    code: undefined,
    ...facts,
  };
}

type Facts = Partial<Omit<TimelineRecord, "startedAt" | "finishedAt">> & { from?: number; to?: number };

function record(
  type: string,
  id: string,
  parentId: string | null,
  { from, to, ...facts }: Facts,
): TimelineRecord {
  const status = to !== undefined ? "completed" : from !== undefined ? "inProgress" : "pending";
  const own: readonly Issue[] = facts.issues ?? [];
  const counted = type === "Task" ? own : [];
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
    logId: null,
    errors: counted.filter((issue) => issue.severity === "error").length,
    warnings: counted.filter((issue) => issue.severity === "warning").length,
    ...facts,
    issues: own,
  };
}

export function stage(identifier: string, facts: Facts = {}): TimelineRecord {
  return record("Stage", `s-${identifier}`, null, { identifier, name: identifier, ...facts });
}

/** A YAML job: `Build.Compile`. */
export function phase(identifier: string, facts: Facts = {}): TimelineRecord {
  const [home = "", name = identifier] = identifier.split(".");
  return record("Phase", `p-${identifier}`, `s-${home}`, { identifier, name, ...facts });
}

/** A job of a YAML job: `Build.Compile.__default`. */
export function job(identifier: string, facts: Facts = {}): TimelineRecord {
  const parent = identifier.split(".").slice(0, -1).join(".");
  const name = parent.split(".").at(-1) ?? parent;
  return record("Job", `j-${identifier}`, `p-${parent}`, {
    identifier,
    name,
    worker: "Azure Pipelines 3",
    ...facts,
  });
}

export function task(name: string, jobIdentifier: string, facts: Facts = {}): TimelineRecord {
  return record("Task", `t-${jobIdentifier}-${name}`, `j-${jobIdentifier}`, { name, ...facts });
}

/** A YAML job with its one job. */
export function wholeJob(identifier: string, facts: Facts = {}): TimelineRecord[] {
  return [phase(identifier, { ...facts, issues: [] }), job(`${identifier}.__default`, facts)];
}

export function checkpoint(home: string, kind: string, facts: Facts = {}): TimelineRecord[] {
  const above = record("Checkpoint", `c-${home}`, `s-${home}`, facts);
  return [above, record(`Checkpoint.${kind}`, `c-${home}-${kind}`, above.id, facts)];
}

export function recordsOf(...records: readonly (TimelineRecord | readonly TimelineRecord[])[]): Records {
  return new Map(records.flat().map((one) => [one.id, one]));
}

/** The failing run of look.md: Build, Staging after an approval, Production skipped. */
export function failingRun(): Records {
  const bad = [issueOf("Bash exited with code '22'.", { logLine: 41 })];
  return recordsOf(
    stage("Build", { order: 1, from: 14, to: 161 }),
    wholeJob("Build.Compile", { order: 1, from: 14, to: 160 }),
    task("dotnet build", "Build.Compile.__default", { from: 20, to: 150, logId: 11, issues: warnings(2) }),
    wholeJob("Build.UnitTests", {
      order: 2,
      from: 20,
      to: 138,
      name: "Unit tests",
      worker: "Azure Pipelines 7",
    }),
    stage("Staging", { order: 2, from: 161, to: 362, result: "failed" }),
    checkpoint("Staging", "Approval", { from: 161, to: 242 }),
    wholeJob("Staging.Deploy", { order: 1, from: 242, to: 309 }),
    wholeJob("Staging.Smoke", { order: 2, from: 309, to: 362, result: "failed", name: "Smoke tests" }),
    task("Run curl", "Staging.Smoke.__default", {
      from: 310,
      to: 361,
      result: "failed",
      logId: 21,
      issues: bad,
    }),
    stage("Production", { order: 3, from: 362, to: 362, result: "skipped" }),
    phase("Production.Deploy", { from: 362, to: 362, result: "skipped" }),
  );
}

function warnings(count: number): Issue[] {
  return Array.from({ length: count }, (_, index) => issueOf(`warning ${index}`, { severity: "warning" }));
}
