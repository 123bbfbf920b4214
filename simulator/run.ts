import { type ChangeLog, createChangeLog } from "./change-log.ts";
import type { SimulatedClock } from "./clock.ts";
import { guidFrom } from "./ids.ts";
import { createLogBook, type LogBook } from "./log-book.ts";
import { finalYaml, plainLog } from "./log-text.ts";
import { planRun } from "./model.ts";
import { wireDate } from "./moments.ts";
import type { Identity, SimulatedRun } from "./options.ts";
import type { Cancel, Decision, Retry, RunPlan } from "./plan.ts";
import type { PipelineSpec } from "./spec.ts";

export interface VariableValue {
  readonly value?: string;
  readonly isSecret?: boolean;
}

/** What a start asks for, checked and completed. */
export interface RunOrder {
  readonly ref: string;
  readonly version: string;
  readonly templateParameters: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, VariableValue>>;
  readonly stagesToSkip: readonly string[];
  readonly tags: readonly string[];
  readonly requestedFor: Identity;
  readonly reason: string;
  readonly priority: string;
  readonly request: unknown;
}

export interface Run extends RunOrder {
  readonly id: number;
  readonly name: string;
  readonly revision: number;
  readonly spec: PipelineSpec;
  readonly planId: string;
  readonly queuedAt: number;
  readonly tags: string[];
  readonly properties: Map<string, unknown>;
  readonly decisions: Decision[];
  readonly cancels: Cancel[];
  readonly retries: Retry[];
  readonly changes: ChangeLog;
  readonly logs: LogBook;
  /** Calls that came so far, for the switches that count them. */
  readonly counts: { listed: number; timelines: number; tests: number; late: Map<string, number> };
  /** Simulated seconds since it was queued. */
  elapsed(): number;
  plan(): RunPlan;
  date(seconds: number): string;
}

interface Birth {
  readonly id: number;
  readonly revision: number;
  readonly spec: PipelineSpec;
  readonly queuedAt: number;
  /** Only for a run of the past: how long it took. */
  readonly tookSeconds?: number;
}

export function createRun(order: RunOrder, birth: Birth, clock: SimulatedClock): Run {
  const { id, spec, revision, queuedAt, tookSeconds } = birth;
  const from = clock.seconds();
  const facts = { decisions: [] as Decision[], cancels: [] as Cancel[], retries: [] as Retry[] };
  const day = new Date(queuedAt).toISOString().slice(0, 10).replaceAll("-", "");
  const yaml = finalYaml(spec).split("\r\n");
  return {
    ...order,
    ...birth,
    ...facts,
    tags: [...order.tags],
    name: `${day}.${revision}`,
    planId: guidFrom(`plan ${spec.id} ${id} ${queuedAt}`),
    properties: new Map(),
    changes: createChangeLog(),
    logs: createLogBook([plainLog(0, 0, yaml), plainLog(0, 0, ["Evaluating the pipeline's templates."])]),
    counts: { listed: 0, timelines: 0, tests: 0, late: new Map() },
    elapsed: () => (tookSeconds === undefined ? clock.seconds() - from : Infinity),
    plan: () =>
      tookSeconds === undefined
        ? planRun(spec, { ...facts, stagesToSkip: order.stagesToSkip })
        : { start: 2, end: 2 + tookSeconds, result: "succeeded", stages: [], cancelledAt: Infinity },
    date: (seconds) => wireDate(queuedAt + seconds * 1000),
  };
}

type BuildStatus = SimulatedRun["status"];

export interface Standing {
  readonly status: BuildStatus;
  readonly result?: RunPlan["result"];
  readonly start?: number;
  readonly end?: number;
}

/** The Build's view of a run at that simulated second. */
export function standingOf(run: Run, t: number): Standing {
  const plan = run.plan();
  const start = plan.start < t ? { start: plan.start } : {};
  if (t >= plan.end) return { status: "completed", result: plan.result, ...start, end: plan.end };
  if (t >= plan.cancelledAt) return { status: "cancelling", ...start };
  return plan.start < t ? { status: "inProgress", ...start } : { status: "notStarted" };
}

/** The run as the tests see it. */
export function viewOf(run: Run): SimulatedRun {
  const { status, result } = standingOf(run, run.elapsed());
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
    attempt: Math.max(1, ...run.plan().stages.map((stage) => stage.attempt)),
    queuedAt: run.queuedAt,
    ...(cancel !== undefined && { cancelledAt: run.queuedAt + cancel.at * 1000 }),
    requestedFor: run.requestedFor,
    request: run.request,
  };
}
