import { asObject } from "../lib/json.ts";
import { memoize } from "../lib/memoize.ts";
import { msBetween, wholeSeconds } from "../lib/time.ts";
import { primaryCauses, type RootCause, rootCauses } from "./failures.ts";
import type {
  DocumentCause,
  DocumentJob,
  DocumentStage,
  PendingCheck,
  RunDocument,
  RunFacts,
} from "./model.ts";
import {
  highestAttempt,
  type JobNode,
  pendingChecks,
  type RunTree,
  type StageNode,
  sumCounts,
} from "./run-tree.ts";

/** The document that expressions see. `rawRun` is the response of Run Pipeline or Get Run, unchanged. */
export function documentOf(run: RunFacts, tree: RunTree, rawRun: unknown): RunDocument {
  const { attempt, stages, waitingFor, errors, warnings } = treeFields(tree);
  const self = asObject(rawRun, "resources", "repositories", "self");
  return {
    id: run.id,
    name: run.name,
    status: run.status,
    result: run.result,
    attempt,
    url: run.url,
    pipeline: { id: run.pipeline.id, name: run.pipeline.name, folder: run.pipeline.folder },
    // The build of a queued run may lack values that the response to the start has.
    source: {
      ref: run.source.ref ?? stringOrNull(self["refName"]),
      commit: run.source.commit ?? stringOrNull(self["version"]),
    },
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    queueSeconds: elapsedSeconds(run.createdAt, run.startedAt),
    runSeconds: elapsedSeconds(run.startedAt, run.finishedAt),
    stages,
    waitingFor: run.status === "completed" ? [] : waitingFor,
    causes: primaryCauses(rootCauses(tree, run)).map(documentCause),
    errors,
    warnings,
    raw: { run: rawRun ?? null, build: run.raw ?? null },
  };
}

/** What only the tree decides: the same as at the last poll where that has not changed. */
const treeFields = memoize((tree: RunTree) => ({
  attempt: highestAttempt(tree),
  stages: tree.stages.map(documentStage),
  waitingFor: waitsOf(tree),
  ...sumCounts(tree.stages),
}));

const documentStage = memoize((stage: StageNode): DocumentStage => {
  const { name, status, result, attempt, startedAt, finishedAt } = stage;
  const displayName = stage.displayName ?? name;
  return {
    name,
    displayName,
    status,
    result,
    attempt,
    startedAt,
    finishedAt,
    jobs: stage.jobs.map(documentJob),
  };
});

const documentJob = memoize((job: JobNode): DocumentJob => {
  const { name, status, result, attempt, startedAt, finishedAt, worker } = job;
  return {
    name,
    displayName: job.displayName ?? name,
    status,
    result,
    attempt,
    startedAt,
    finishedAt,
    worker,
  };
});

function waitsOf(tree: RunTree): PendingCheck[] {
  const manualStages = tree.stages.filter((stage) => stage.result === "manual");
  return [
    ...pendingChecks(tree).map(({ kind, id, stage, name }) => ({ kind, id, stage, name })),
    ...manualStages.map(({ id, name }) => ({ kind: "manual" as const, id, stage: name, name: null })),
  ];
}

function documentCause({ stageName, jobName, task, message }: RootCause): DocumentCause {
  return { stage: stageName ?? null, job: jobName ?? null, task: task ?? null, message: message ?? null };
}

function stringOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function elapsedSeconds(from: string | null, to: string | null): number | null {
  const ms = msBetween(from, to);
  return ms === undefined ? null : wholeSeconds(ms);
}
