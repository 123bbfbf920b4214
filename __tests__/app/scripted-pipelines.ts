import type { LogEntry } from "../../src/core/log-line.ts";
import type { RunStatus, StartedRun } from "../../src/core/model.ts";
import { type Candidate, fingerprintOf } from "../../src/core/run-matching.ts";
import type { JobRuns, Pipelines, RecentRuns, RunLists, Runner, Runs, Stages } from "../../src/ports.ts";
import { runOf } from "../core/builders.ts";
import { createFakeClock, type FakeClock } from "../support/fake-clock.ts";

export const neverAborted = new AbortController().signal;

const body = {
  resources: { repositories: { self: { refName: "refs/heads/main" } } },
  templateParameters: { env: "prod" },
};

export const startRequest = {
  pipelineId: 42,
  body,
  fingerprint: fingerprintOf({ pipelineId: 42, body, tag: null }),
};

export const startTimeMs = Date.parse("2026-06-02T14:40:00Z");

export function startedRun(id: number): StartedRun {
  return {
    id,
    name: `run-${id}`,
    url: `https://x/${id}`,
    pipelineName: "ci",
    ref: "refs/heads/main",
    commit: null,
    raw: { id },
  };
}

/** A run that the start could have brought about. */
export function candidate(id: number, overrides: Partial<Candidate> = {}): Candidate {
  return {
    id,
    name: `run-${id}`,
    url: `https://x/${id}`,
    status: "notStarted",
    queuedAt: startTimeMs + 10,
    requesterIds: ["me"],
    pipelineId: 42,
    ref: "refs/heads/main",
    commit: null,
    parameters: { env: "prod" },
    variables: {},
    tags: [],
    reason: "manual",
    ...overrides,
  };
}

type ScriptedResult<T> = T | Error;

export interface Script {
  readonly start?: readonly ScriptedResult<StartedRun>[];
  /** The lists of runs for each search; the last one is repeated. */
  readonly recent?: readonly ScriptedResult<readonly Candidate[]>[];
  readonly cancel?: readonly ScriptedResult<void>[];
  /** There are further runs beyond the end of the list. */
  readonly isListTruncated?: boolean;
  /** What the pipeline builds by itself. */
  readonly defaultRef?: ScriptedResult<string>;
  /** The response of Get Run for any run. */
  readonly run?: unknown;
  readonly status?: RunStatus;
  /** Runs that other steps of this job have received. */
  readonly receivedIds?: readonly number[];
}

interface Harness {
  readonly pipelines: Pick<Pipelines, "url" | "get">;
  readonly runs: Pick<Runs, "url" | "start" | "get" | "getStarted" | "getSource" | "cancel">;
  readonly runLists: Pick<RunLists, "listRecent">;
  readonly stages: Stages;
  readonly clock: FakeClock;
  readonly runner: Pick<Runner, "write" | "saveState" | "getState">;
  readonly jobRuns: JobRuns;
  /** `start`, `recent`, `cancel 7` …, each with the second it was asked in. */
  readonly callLog: string[];
  readonly lines: LogEntry[];
  readonly state: Map<string, string>;
}

/** Pipelines with scripted results, a fake clock, and a runner that records what it receives. */
export function createHarness(script: Script): Harness {
  const clock = createFakeClock(startTimeMs);
  const callLog: string[] = [];
  const lines: LogEntry[] = [];
  const state = new Map<string, string>();
  const callCounts = new Map<string, number>();
  const nextResult = <T>(name: string, results: readonly ScriptedResult<T>[] | undefined): T => {
    const callIndex = callCounts.get(name) ?? 0;
    callCounts.set(name, callIndex + 1);
    callLog.push(`${name} @${(clock.now() - startTimeMs) / 1_000}`);
    const result = results?.[Math.min(callIndex, results.length - 1)];
    if (result instanceof Error) throw result;
    if (results === undefined || results.length === 0) throw new Error(`${name} is not in the script`);
    return result as T;
  };
  const recent = (): RecentRuns => ({
    candidates: nextResult("recent", script.recent),
    serviceTime: clock.now(),
    callerId: "me",
    isComplete: script.isListTruncated !== true,
  });
  return {
    pipelines: {
      url: (id) => `https://x/pipeline/${id}`,
      get: async () => ({
        name: "ci",
        repository: { kind: "other", fullName: undefined, host: undefined },
        defaultRef: nextResult("definition", script.defaultRef === undefined ? [] : [script.defaultRef]),
        project: undefined,
      }),
    },
    runs: {
      url: (id) => `https://x/${id}`,
      start: async (_, { onSend }) => {
        onSend();
        return nextResult("start", script.start);
      },
      getStarted: async (_, id) => {
        if (script.run instanceof Error) throw script.run;
        return { ...startedRun(id), ...(script.run !== undefined && { raw: script.run }) };
      },
      getSource: () => Promise.reject(new Error("the source is not in the script")),
      cancel: async (id) => nextResult(`cancel ${id}`, script.cancel ?? [undefined]),
      get: async (id) => {
        callLog.push(`build @${(clock.now() - startTimeMs) / 1_000}`);
        return runOf({
          id,
          name: `run-${id}`,
          url: `https://x/${id}`,
          status: script.status ?? "inProgress",
        });
      },
    },
    runLists: { listRecent: async () => recent() },
    stages: { update: async (_, { stage, state }) => nextResult(`${state} ${stage}`, [undefined]) },
    jobRuns: createJobRuns(script.receivedIds),
    clock,
    callLog,
    lines,
    state,
    runner: {
      write: (more) => void lines.push(...more),
      saveState: (name, value) => void state.set(name, value),
      getState: (name) => state.get(name) ?? "",
    },
  };
}

/** The runs that other steps of this job have received. */
export function createJobRuns(ids: readonly number[] = []): JobRuns {
  const received = new Set(ids);
  return { receivedIds: () => received, addReceived: (id) => void received.add(id) };
}

export function logText(lines: readonly LogEntry[]): string {
  return lines.map((line) => ("text" in line ? line.text : "")).join("\n");
}
