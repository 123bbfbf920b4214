import { at } from "./at.ts";
import type { DocumentJob, DocumentStage, RunDocument, RunFacts, Waiting } from "./model.ts";
import { countsOf, type JobNode, openWaits, type StageNode, type Tree } from "./nodes.ts";
import { betweenMs } from "./time.ts";

/** What expressions see. `rawRun` is the answer of Run Pipeline or Get Run, as it came. */
export function documentOf(run: RunFacts, tree: Tree, rawRun: unknown): RunDocument {
  const self = at(rawRun, "resources", "repositories", "self");
  return {
    id: run.id,
    name: run.name,
    status: run.status,
    result: run.result,
    url: run.url,
    pipeline: { id: run.pipeline.id, name: run.pipeline.name, folder: run.pipeline.folder },
    // Of a run that is still queued the build may not say what the start's answer said.
    source: {
      ref: run.source.ref ?? textIn(self["refName"]),
      commit: run.source.commit ?? textIn(self["version"]),
    },
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    queueSeconds: seconds(run.createdAt, run.startedAt),
    runSeconds: seconds(run.startedAt, run.finishedAt),
    stages: tree.stages.map(documentStage),
    waitingFor: run.status === "completed" ? [] : openWaits(tree).map(waiting),
    ...countsOf(tree.stages),
    raw: { run: rawRun ?? null, build: run.raw ?? null },
  };
}

function documentStage(stage: StageNode): DocumentStage {
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
}

function documentJob(job: JobNode): DocumentJob {
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
}

function waiting({ kind, id, stage }: Waiting): Waiting {
  return { kind, id, stage };
}

function textIn(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

function seconds(from: string | null, to: string | null): number | null {
  const ms = betweenMs(from, to);
  return ms === undefined ? null : Math.floor(ms / 1_000);
}
