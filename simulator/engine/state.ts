import type { Quirks } from "../options.ts";
import type { PipelineSpec, QueueStatus, StageSpec, TriggeredRunSpec } from "../spec.ts";
import type { SimulatedClock } from "./clock.ts";
import { guidFrom, shaFrom } from "./ids.ts";
import { createProjectData, type ProjectData } from "./project-data.ts";
import { createRun, type Run, type RunRequest } from "./run.ts";
import { createTriggers, triggeredRunRequest } from "./triggers.ts";

/** What keeps a run from being deleted by the retention policy. */
export interface RetentionLease {
  readonly leaseId: number;
  readonly ownerId: string;
  readonly runId: number;
  readonly definitionId: number;
  readonly createdOn: string;
  readonly validUntil: string;
  readonly protectPipeline: boolean;
}

interface NewPipeline {
  readonly name: string;
  readonly folder: string;
  /** In Azure Repos. */
  readonly repositoryName: string;
}

/** Which pipelines may use a resource. */
interface ResourcePermission {
  /** Every pipeline, also one that is created later. */
  readonly all: boolean;
  readonly pipelines: ReadonlySet<number>;
}

/** The data of the simulated organization. */
export interface SimulatorState {
  readonly project: { readonly id: string; readonly name: string };
  readonly pipelines: ReadonlyMap<number, PipelineSpec>;
  readonly quirks: Quirks;
  readonly clock: SimulatedClock;
  /** Runs that were queued since the simulator started, in order. */
  readonly started: readonly Run[];
  /** Those, and the past ones. */
  all(): readonly Run[];
  start(spec: PipelineSpec, runRequest: RunRequest): Run;
  /** Queues a run as a trigger does; undefined if it is due later. */
  trigger(spec: PipelineSpec, run: TriggeredRunSpec): Run | undefined;
  find(id: number): Run | undefined;
  queueStatus(spec: PipelineSpec): QueueStatus;
  /** Enabling a pipeline releases the runs that waited for it. */
  setQueueStatus(spec: PipelineSpec, status: QueueStatus): void;
  readonly leases: RetentionLease[];
  readonly data: ProjectData;
  createPipeline(pipeline: NewPipeline): PipelineSpec;
  movePipeline(spec: PipelineSpec, folder: string): void;
  deletePipeline(id: number): void;
  /** The deleted pipeline with that id; undefined if there is none. */
  restorePipeline(id: number): PipelineSpec | undefined;
  /** By the resource's `type/id`. */
  readonly permitted: Map<string, ResourcePermission>;
}

interface StateOptions {
  readonly pipelines: readonly PipelineSpec[];
  readonly project: string;
  readonly quirks: Quirks;
  readonly clock: SimulatedClock;
}

const firstRunId = 345;

const daySeconds = 86_400;

export function createState({ pipelines, project, quirks, clock }: StateOptions): SimulatorState {
  const past = pastRuns(pipelines, clock);
  const started: Run[] = [];
  const all = [...past];
  let nextId = Math.max(firstRunId, past.length + 1);
  const permitted: SimulatorState["permitted"] = new Map();
  const pipelinesById = new Map(pipelines.map((spec) => [spec.id, spec]));
  const deletedPipelines = new Map<number, PipelineSpec>();
  const queueStatuses = new Map<number, QueueStatus>();
  const triggers = createTriggers(pipelines);
  const queueStatus = (spec: PipelineSpec) =>
    queueStatuses.get(spec.id) ?? spec.queueStatus ?? (spec.disabled === true ? "disabled" : "enabled");

  function start(spec: PipelineSpec, runRequest: RunRequest, queuedAtSeconds = clock.seconds()): Run {
    const revision = started.filter((run) => run.spec.id === spec.id).length + 1;
    const isHeld = queueStatus(spec) === "paused";
    const due = clock.now() - clock.realMs(clock.seconds() - queuedAtSeconds);
    // No two runs are queued at the same moment.
    const queuedAt = Math.max(due, (started.at(-1)?.queuedAt ?? 0) + 0.01);
    const run = createRun(
      runRequest,
      { id: nextId, revision, spec, queuedAt, queuedAtSeconds, isHeld },
      clock,
    );
    nextId += 1;
    for (const stage of spec.stages) {
      if (!isPermitted(spec, permitted.get(protectedResource(stage) ?? ""))) continue;
      run.decisions.push({ stage: stage.name, kind: "Authorization", accepted: true, at: 0 });
    }
    started.push(run);
    all.push(run);
    return run;
  }

  /** Queues the triggered runs that are due by now. */
  function startDue(): Run[] {
    return triggers
      .takeDue(clock.seconds())
      .map(({ spec, run, atSeconds }) =>
        start(withOwnStages(spec, run), triggeredRunRequest(spec, run), atSeconds),
      );
  }

  return {
    project: { id: guidFrom(`project ${project}`), name: project },
    pipelines: pipelinesById,
    createPipeline({ name, folder, repositoryName }) {
      const id = Math.max(0, ...pipelinesById.keys(), ...deletedPipelines.keys()) + 1;
      const repository = { type: "TfsGit", name: repositoryName, defaultBranch: "refs/heads/main" } as const;
      const stages = [{ name: "__default", jobs: [{ name: "Job", tasks: [{ name: "Do it", seconds: 1 }] }] }];
      const spec: PipelineSpec = { id, name, folder, repository, stages };
      pipelinesById.set(id, spec);
      return spec;
    },
    movePipeline: (spec, folder) => void pipelinesById.set(spec.id, { ...spec, folder }),
    deletePipeline(id) {
      const spec = pipelinesById.get(id);
      if (spec !== undefined) deletedPipelines.set(id, spec);
      pipelinesById.delete(id);
    },
    restorePipeline(id) {
      const spec = deletedPipelines.get(id);
      if (spec !== undefined) pipelinesById.set(id, spec);
      deletedPipelines.delete(id);
      return spec;
    },
    quirks,
    clock,
    get started() {
      startDue();
      return started;
    },
    all() {
      startDue();
      return all;
    },
    start(spec, runRequest) {
      startDue();
      return start(spec, runRequest);
    },
    trigger(spec, run) {
      startDue();
      triggers.add({ spec, run, atSeconds: clock.seconds() + (run.afterSeconds ?? 0) });
      return startDue().at(-1);
    },
    find(id) {
      startDue();
      return all.find((run) => run.id === id);
    },
    queueStatus,
    setQueueStatus(spec, status) {
      startDue();
      queueStatuses.set(spec.id, status);
      if (status !== "enabled") return;
      for (const run of started) {
        if (run.spec.id === spec.id && run.heldUntil === Infinity) run.heldUntil = run.elapsed();
      }
    },
    leases: [],
    data: createProjectData(),
    permitted,
  };
}

function withOwnStages(spec: PipelineSpec, { stages }: TriggeredRunSpec): PipelineSpec {
  return stages === undefined ? spec : { ...spec, stages };
}

export function isPermitted({ id }: PipelineSpec, permission: ResourcePermission | undefined): boolean {
  return permission !== undefined && (permission.all || permission.pipelines.has(id));
}

/** The resource that a stage needs permission for, as `type/id`. */
export function protectedResource({ authorization }: StageSpec): string | undefined {
  if (authorization === undefined || authorization === false) return undefined;
  return authorization === true ? "environment/1" : `${authorization.type}/${authorization.id}`.toLowerCase();
}

interface PastRun {
  readonly spec: PipelineSpec;
  readonly runRequest: RunRequest;
  readonly agoSeconds: number;
  /** Only of a run of the history. */
  readonly durationSeconds?: number;
}

/** The history (one run a day, the latest yesterday) and the runs that were triggered before the start, oldest first. */
function pastRuns(pipelines: readonly PipelineSpec[], clock: SimulatedClock): Run[] {
  const pastRunSpecs = pipelines.flatMap((spec): PastRun[] => [
    ...(spec.history ?? []).map((durationSeconds, index) => {
      const ref = spec.repository.defaultBranch;
      const head = spec.repository.branches?.[ref] ?? shaFrom(`${spec.repository.name} ${ref} ${index}`);
      // Not at the same time of day for every pipeline.
      const agoSeconds = (index + 1) * daySeconds - (spec.id % 100) * 60;
      return { spec, runRequest: triggeredRunRequest(spec, { version: head }), agoSeconds, durationSeconds };
    }),
    ...(spec.triggeredRuns ?? []).flatMap((run) => {
      const agoSeconds = -(run.afterSeconds ?? 0);
      if (agoSeconds <= 0) return [];
      return [{ spec: withOwnStages(spec, run), runRequest: triggeredRunRequest(spec, run), agoSeconds }];
    }),
  ]);
  pastRunSpecs.sort((one, other) => other.agoSeconds - one.agoSeconds);
  return pastRunSpecs.map(({ spec, runRequest, agoSeconds, durationSeconds }, index) => {
    const queuedAt = clock.now() - agoSeconds * 1000;
    const revision = index + 1;
    const queuedAtSeconds = clock.seconds() - agoSeconds;
    const common = { id: index + 1, revision, spec, queuedAt, queuedAtSeconds };
    return createRun(
      runRequest,
      durationSeconds === undefined ? common : { ...common, durationSeconds },
      clock,
    );
  });
}
