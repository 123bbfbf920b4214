import type { LogEntry } from "../../src/core/log-line.ts";
import type { StartedRun } from "../../src/core/model.ts";
import { type Candidate, fingerprintOf } from "../../src/core/run-matching.ts";
import type { Pipelines, RecentRuns, Runner } from "../../src/ports.ts";
import { type FakeClock, fakeClock } from "../support/fake-clock.ts";

export const never = new AbortController().signal;

const body = {
  resources: { repositories: { self: { refName: "refs/heads/main" } } },
  templateParameters: { env: "prod" },
};

export const start = {
  pipelineId: 42,
  body,
  fingerprint: fingerprintOf({ pipelineId: 42, body, tag: null }),
};

export const zero = Date.parse("2026-06-02T14:40:00Z");

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
export function twin(id: number, over: Partial<Candidate> = {}): Candidate {
  return {
    id,
    name: `run-${id}`,
    url: `https://x/${id}`,
    status: "notStarted",
    queuedAt: zero + 10,
    requesterIds: ["me"],
    pipelineId: 42,
    ref: "refs/heads/main",
    commit: null,
    parameters: { env: "prod" },
    variables: {},
    tags: [],
    reason: "manual",
    ...over,
  };
}

type Turn<T> = T | Error;

export interface Script {
  readonly start?: readonly Turn<StartedRun>[];
  /** What the service's list shows, look by look; the last one again and again. */
  readonly recent?: readonly Turn<readonly Candidate[]>[];
  readonly cancel?: readonly Turn<void>[];
  /** The list goes on beyond what it shows. */
  readonly isListCut?: boolean;
  /** What the pipeline builds by itself. */
  readonly defaultRef?: Turn<string>;
  /** What Get Run says of any run. */
  readonly run?: unknown;
  readonly status?: string;
}

interface Rehearsal {
  readonly pipelines: Pipelines;
  readonly clock: FakeClock;
  readonly runner: Pick<Runner, "write" | "saveState" | "getState">;
  /** `start`, `recent`, `cancel 7` …, each with the second it was asked in. */
  readonly asked: string[];
  readonly lines: LogEntry[];
  readonly state: Map<string, string>;
}

/** Pipelines that say what they are told, a fake clock, and a host that remembers. */
export function rehearsal(script: Script): Rehearsal {
  const clock = fakeClock(zero);
  const asked: string[] = [];
  const lines: LogEntry[] = [];
  const state = new Map<string, string>();
  const calls = new Map<string, number>();
  const turn = <T>(name: string, turns: readonly Turn<T>[] | undefined): T => {
    const call = calls.get(name) ?? 0;
    calls.set(name, call + 1);
    asked.push(`${name} @${(clock.now() - zero) / 1_000}`);
    const now = turns?.[Math.min(call, turns.length - 1)];
    if (now instanceof Error) throw now;
    if (turns === undefined || turns.length === 0) throw new Error(`${name} is not in the script`);
    return now as T;
  };
  const recent = (): RecentRuns => ({
    candidates: turn("recent", script.recent),
    serviceTime: clock.now(),
    callerId: "me",
    isComplete: script.isListCut !== true,
  });
  const scripted: Partial<Pipelines> = {
    runUrl: (id) => `https://x/${id}`,
    pipelineUrl: (id) => `https://x/pipeline/${id}`,
    start: async (_, { onSend }) => {
      onSend();
      return turn("start", script.start);
    },
    listRecentRuns: async () => recent(),
    getPipeline: async () => ({
      name: "ci",
      repository: { kind: "other", fullName: undefined, host: undefined },
      defaultRef: turn("definition", script.defaultRef === undefined ? [] : [script.defaultRef]),
      project: undefined,
    }),
    getStartedRun: async (_, id) => {
      if (script.run instanceof Error) throw script.run;
      return { ...startedRun(id), ...(script.run !== undefined && { raw: script.run }) };
    },
    cancel: async (id) => turn(`cancel ${id}`, script.cancel ?? [undefined]),
    getRun: async (id) => {
      asked.push(`build @${(clock.now() - zero) / 1_000}`);
      return { id, name: `run-${id}`, url: `https://x/${id}`, status: script.status } as never;
    },
  };
  return {
    pipelines: scripted as Pipelines,
    clock,
    asked,
    lines,
    state,
    runner: {
      write: (more) => void lines.push(...more),
      saveState: (name, value) => void state.set(name, value),
      getState: (name) => state.get(name) ?? "",
    },
  };
}

export function textOf(lines: readonly LogEntry[]): string {
  return lines.map((line) => ("text" in line ? line.text : "")).join("\n");
}
