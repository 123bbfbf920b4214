import type { PipelineSpec, TriggeredRunSpec } from "../spec.ts";
import { identityNamed, serviceAccount } from "./identities.ts";
import { queueRef, shaFrom } from "./ids.ts";
import type { RunRequest } from "./run.ts";

/** A run that a trigger queues at that simulated second. */
interface DueRun {
  readonly spec: PipelineSpec;
  readonly run: TriggeredRunSpec;
  readonly atSeconds: number;
}

interface Triggers {
  add(run: DueRun): void;
  /** The runs that are due by then, oldest first. Each is returned once. */
  takeDue(seconds: number): readonly DueRun[];
}

/** Keeps the runs of triggers until they are due. */
export function createTriggers(pipelines: readonly PipelineSpec[]): Triggers {
  let waiting: DueRun[] = pipelines.flatMap((spec) =>
    (spec.triggeredRuns ?? [])
      .filter(({ afterSeconds = 0 }) => afterSeconds >= 0)
      .map((run) => ({ spec, run, atSeconds: run.afterSeconds ?? 0 })),
  );
  return {
    add(run) {
      waiting.push(run);
    },
    takeDue(seconds) {
      const due = waiting.filter(({ atSeconds }) => atSeconds <= seconds);
      waiting = waiting.filter(({ atSeconds }) => atSeconds > seconds);
      return due.sort((one, other) => one.atSeconds - other.atSeconds);
    },
  };
}

/** What a trigger asks for. */
export function triggeredRunRequest({ repository }: PipelineSpec, run: TriggeredRunSpec): RunRequest {
  const { ref = repository.defaultBranch, requestedFor: name } = run;
  return {
    ref,
    version: run.version ?? repository.branches?.[ref] ?? shaFrom(`${repository.name} ${ref}`),
    templateParameters: run.templateParameters ?? {},
    variables: Object.fromEntries(
      Object.entries(run.variables ?? {}).map(([variable, value]) => [variable, { value }]),
    ),
    stagesToSkip: [],
    tags: run.tags ?? [],
    requestedFor: name === undefined ? serviceAccount : identityNamed(name),
    requestedBy: serviceAccount,
    reason: run.reason ?? "individualCI",
    triggerInfo: run.triggerInfo ?? {},
    priority: "normal",
    queueId: queueRef.id,
    request: null,
  };
}
