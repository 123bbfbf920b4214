import type { Identity, Quirks } from "../options.ts";
import type { PipelineSpec, StageSpec } from "../spec.ts";
import type { SimulatedClock } from "./clock.ts";
import { guidFrom, shaFrom } from "./ids.ts";
import { createRun, type Run, type RunRequest } from "./run.ts";

export const serviceAccount: Identity = {
  id: guidFrom("identity release-robot"),
  displayName: "Release Robot",
  uniqueName: "release-robot@contoso.example",
};

/** All that the simulated organization knows. */
export interface SimulatorState {
  readonly project: { readonly id: string; readonly name: string };
  readonly pipelines: ReadonlyMap<number, PipelineSpec>;
  readonly quirks: Quirks;
  readonly clock: SimulatedClock;
  /** Runs started here, in order. */
  readonly started: readonly Run[];
  /** Those, and the past ones. */
  all(): readonly Run[];
  start(spec: PipelineSpec, runRequest: RunRequest): Run;
  find(id: number): Run | undefined;
  /** Pipelines that were permitted a resource, by `type/id`. */
  readonly permitted: Map<string, Set<number>>;
}

interface StateOptions {
  readonly pipelines: readonly PipelineSpec[];
  readonly project: string;
  readonly quirks: Quirks;
  readonly clock: SimulatedClock;
}

const firstRunId = 345;

const dayMs = 86_400_000;

export function createState({ pipelines, project, quirks, clock }: StateOptions): SimulatorState {
  const past = pastRuns(pipelines, clock);
  const started: Run[] = [];
  const all = [...past];
  let nextId = Math.max(firstRunId, past.length + 1);
  const permitted = new Map<string, Set<number>>();
  return {
    project: { id: guidFrom(`project ${project}`), name: project },
    pipelines: new Map(pipelines.map((spec) => [spec.id, spec])),
    quirks,
    clock,
    started,
    all: () => all,
    start(spec, runRequest) {
      const revision = started.filter((run) => run.spec.id === spec.id).length + 1;
      const run = createRun(runRequest, { id: nextId, revision, spec, queuedAt: clock.now() }, clock);
      nextId += 1;
      for (const stage of spec.stages) {
        if (permitted.get(protectedResource(stage) ?? "")?.has(spec.id) !== true) continue;
        run.decisions.push({ stage: stage.name, kind: "Authorization", accepted: true, at: 0 });
      }
      started.push(run);
      all.push(run);
      return run;
    },
    find: (id) => all.find((run) => run.id === id),
    permitted,
  };
}

/** What a stage asks leave for, as `type/id`. */
export function protectedResource({ authorization }: StageSpec): string | undefined {
  if (authorization === undefined || authorization === false) return undefined;
  return authorization === true ? "environment/1" : `${authorization.type}/${authorization.id}`.toLowerCase();
}

/** One run a day, the latest yesterday. */
function pastRuns(pipelines: readonly PipelineSpec[], clock: SimulatedClock): Run[] {
  const pastRunSpecs = pipelines.flatMap((spec) =>
    (spec.history ?? []).map((seconds, index) => ({
      spec,
      seconds,
      queuedAt: clock.now() - (index + 1) * dayMs,
    })),
  );
  pastRunSpecs.sort((one, other) => one.queuedAt - other.queuedAt);
  return pastRunSpecs.map(({ spec, seconds, queuedAt }, index) => {
    const ref = spec.repository.defaultBranch;
    const runRequest: RunRequest = {
      ref,
      version: spec.repository.branches?.[ref] ?? shaFrom(`${spec.repository.name} ${ref} ${index}`),
      templateParameters: {},
      variables: {},
      stagesToSkip: [],
      tags: [],
      requestedFor: serviceAccount,
      reason: "individualCI",
      priority: "normal",
      request: null,
    };
    return createRun(
      runRequest,
      { id: index + 1, revision: 1, spec, queuedAt, durationSeconds: seconds },
      clock,
    );
  });
}
