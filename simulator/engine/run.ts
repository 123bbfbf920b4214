import type { Identity, SimulatedRun } from "../options.ts";
import type { PipelineSpec } from "../spec.ts";
import type { SimulatedClock } from "./clock.ts";
import { toIsoWithTicks } from "./dates.ts";
import { guidFrom } from "./ids.ts";
import { finalYaml, plainLog } from "./log-text.ts";
import { createRunLogs, type RunLogs } from "./run-logs.ts";
import {
  type Cancel,
  type Decision,
  type Retry,
  type RunSchedule,
  type StageStart,
  stateAt,
} from "./schedule.ts";
import { scheduleRun } from "./schedule-run.ts";
import { createTimelineChanges, type TimelineChanges } from "./timeline-changes.ts";

export interface VariableValue {
  readonly value?: string;
  readonly isSecret?: boolean;
}

/** What a start asks for, checked and completed. */
export interface RunRequest {
  readonly ref: string;
  readonly version: string;
  readonly templateParameters: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, VariableValue>>;
  readonly stagesToSkip: readonly string[];
  readonly tags: readonly string[];
  readonly requestedFor: Identity;
  readonly requestedBy: Identity;
  readonly reason: string;
  readonly triggerInfo: Readonly<Record<string, string>>;
  readonly priority: string;
  readonly queueId: number;
  readonly request: unknown;
}

export interface Run extends RunRequest {
  readonly id: number;
  readonly name: string;
  readonly revision: number;
  readonly spec: PipelineSpec;
  readonly planId: string;
  readonly queuedAt: number;
  readonly tags: string[];
  readonly properties: Map<string, unknown>;
  /** Artifacts that a client has created through the API, as it sent them, with an id. */
  readonly createdArtifacts: (Readonly<Record<string, unknown>> & {
    readonly id: number;
    readonly name: string;
  })[];
  readonly decisions: Decision[];
  readonly stageStarts: StageStart[];
  readonly cancels: Cancel[];
  readonly retries: Retry[];
  readonly changes: TimelineChanges;
  readonly logs: RunLogs;
  /** Calls so far, for the switches that count them. */
  readonly requestCounts: { listed: number; timelines: number; tests: number; late: Map<string, number> };
  keepForever: boolean;
  /** Milliseconds since 1970. */
  deletedAt: number | undefined;
  /** Until when its pipeline was paused; Infinity while it is. */
  heldUntil: number;
  /** Simulated seconds since it was queued. */
  elapsed(): number;
  schedule(): RunSchedule;
  date(seconds: number): string;
}

interface NewRun {
  readonly id: number;
  readonly revision: number;
  readonly spec: PipelineSpec;
  readonly queuedAt: number;
  /** Its pipeline is paused. */
  readonly isHeld?: boolean;
  /** The simulated second at which it was queued. Blank: now. */
  readonly queuedAtSeconds?: number;
  /** Only for a run of the past: how long it took. */
  readonly durationSeconds?: number;
}

export function createRun(runRequest: RunRequest, newRun: NewRun, clock: SimulatedClock): Run {
  const { id, spec, revision, queuedAt, durationSeconds } = newRun;
  const queuedAtSeconds = newRun.queuedAtSeconds ?? clock.seconds();
  const events = {
    decisions: [] as Decision[],
    stageStarts: [] as StageStart[],
    cancels: [] as Cancel[],
    retries: [] as Retry[],
  };
  const day = new Date(queuedAt).toISOString().slice(0, 10).replaceAll("-", "");
  const yaml = finalYaml(spec).split("\r\n");
  const run: Run = {
    ...runRequest,
    id,
    spec,
    revision,
    queuedAt,
    ...events,
    keepForever: false,
    deletedAt: undefined,
    heldUntil: newRun.isHeld === true ? Infinity : 0,
    tags: [...runRequest.tags],
    name: `${day}.${revision}`,
    planId: guidFrom(`plan ${spec.id} ${id} ${queuedAt}`),
    properties: new Map(),
    createdArtifacts: [],
    changes: createTimelineChanges(),
    logs: createRunLogs([plainLog(0, 0, yaml), plainLog(0, 0, ["Evaluating the pipeline's templates."])]),
    requestCounts: { listed: 0, timelines: 0, tests: 0, late: new Map() },
    elapsed: () => (durationSeconds === undefined ? clock.seconds() - queuedAtSeconds : Infinity),
    schedule: () => (durationSeconds === undefined ? scheduleRun(spec, run) : pastSchedule(durationSeconds)),
    date: (seconds) => toIsoWithTicks(queuedAt + seconds * 1000),
  };
  return run;
}

/** Only the duration of a past run is known. */
function pastSchedule(durationSeconds: number): RunSchedule {
  return {
    postponedUntil: 0,
    start: 2,
    end: 2 + durationSeconds,
    result: "succeeded",
    stages: [],
    cancelledAt: Infinity,
    abandonedAt: Infinity,
  };
}

type BuildStatus = SimulatedRun["status"];

export interface RunStatus {
  readonly status: BuildStatus;
  readonly result?: RunSchedule["result"];
  readonly start?: number;
  readonly end?: number;
}

/** The run as the Build API shows it at that simulated second. */
export function statusOf(run: Run, atSeconds: number): RunStatus {
  const schedule = run.schedule();
  const start = schedule.start < atSeconds ? { start: schedule.start } : {};
  if (atSeconds >= schedule.abandonedAt && schedule.abandonedAt < schedule.end) {
    const result = run.spec.abandoned?.result;
    return {
      status: "abandoned",
      ...(result !== undefined && { result }),
      ...start,
      end: schedule.abandonedAt,
    };
  }
  if (atSeconds >= schedule.end)
    return { status: "completed", result: schedule.result, ...start, end: schedule.end };
  if (atSeconds >= schedule.cancelledAt) return { status: "cancelling", ...start };
  if (schedule.start < atSeconds) return { status: "inProgress", ...start };
  return { status: atSeconds < schedule.postponedUntil ? "postponed" : "notStarted" };
}

/** The run as tests see it. */
export function toSimulatedRun(run: Run): SimulatedRun {
  const { status, result } = statusOf(run, run.elapsed());
  const cancel = run.cancels.find((one) => one.stage === undefined);
  return {
    id: run.id,
    name: run.name,
    pipelineId: run.spec.id,
    ref: run.ref,
    version: run.version,
    templateParameters: run.templateParameters,
    variables: run.variables,
    stagesToSkip: run.stagesToSkip,
    tags: [...run.tags],
    status,
    ...(result !== undefined && { result }),
    attempt: Math.max(1, ...run.schedule().stages.map((stage) => stage.attempt)),
    queuedAt: run.queuedAt,
    ...(cancel !== undefined && { cancelledAt: run.queuedAt + cancel.at * 1000 }),
    requestedFor: run.requestedFor,
    reason: run.reason,
    request: run.request,
    stages: stagesNow(run),
  };
}

function stagesNow(run: Run): Readonly<Record<string, string>> {
  const entries = run.schedule().stages.map((stage) => {
    const state = stateAt(stage, run.elapsed());
    return [stage.spec.name, state === "completed" ? stage.result : state] as const;
  });
  return Object.fromEntries(entries);
}
