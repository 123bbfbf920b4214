import { matchesProject } from "../core/model.ts";
import type { ArtifactRef, Pipelines } from "../ports.ts";
import { type ApiDeps, createApiClient, testResultsClient, withPolicies } from "./api-client.ts";
import type { ApiEndpoint } from "./api-request.ts";
import { readApprovers } from "./approvals.ts";
import { type DownloadOptions, downloadArtifact } from "./artifact-download.ts";
import { listArtifacts } from "./artifacts.ts";
import {
  cancelBuild,
  listRecentRuns,
  listTaggedRuns,
  type RunCheck,
  readBuild,
  readPastDurations,
  retryRun,
  updateStage,
} from "./builds.ts";
import { logLines, readLogSizes } from "./logs.ts";
import { findPipeline, readPipeline } from "./pipelines.ts";
import { searchRuns } from "./run-list.ts";
import { readRunSource } from "./run-source.ts";
import { previewRun, readRun, startRun, tagRun } from "./runs.ts";
import { createOpenTextStream } from "./streaming.ts";
import { readTests } from "./test-results.ts";
import { createRunPoller } from "./timeline.ts";

/** Downloads an artifact into a sink, which is called again from the beginning after a failure in passing. */
export type DownloadArtifact = (
  ref: ArtifactRef,
  options: DownloadOptions,
  signal: AbortSignal,
) => Promise<void>;

/** One project of Azure DevOps, as the use cases see it. */
export function createAzureDevOpsClient(
  endpoint: ApiEndpoint,
  deps: ApiDeps,
): { pipelines: Pipelines; download: DownloadArtifact } {
  const client = createApiClient(endpoint, deps);
  const send = withPolicies(client);
  const sendToResults = withPolicies(testResultsClient(client));
  const openStream = createOpenTextStream(client);
  const buildsUrl = `${endpoint.baseUrl}/${encodeURIComponent(endpoint.project)}/_build`;
  const runUrl = (runId: number) => `${buildsUrl}/results?buildId=${runId}`;
  /** By the run's id, the id of its pipeline. */
  const startedRuns = new Map<number, number>();
  const pipelines: Pipelines = {
    runUrl,
    pipelineUrl: (pipelineId) => `${buildsUrl}?definitionId=${pipelineId}`,
    find: (pipeline, signal) => findPipeline(send, pipeline, signal),
    getPipeline: (pipelineId, signal) => readPipeline(send, pipelineId, signal),
    start: async (pipelineId, request, signal) => {
      const run = await startRun(send, pipelineId, request, signal);
      startedRuns.set(run.id, pipelineId);
      return run;
    },
    preview: (pipelineId, body, signal) => previewRun(send, pipelineId, body, signal),
    listRecentRuns: (pipelineId, options, signal) =>
      listRecentRuns(send, { pipelineId, runUrl, ...options }, signal),
    searchRuns: (query, signal) => searchRuns({ send, runUrl, now: deps.clock.now }, query, signal),
    getStartedRun: (pipelineId, runId, signal) => readRun(send, { pipelineId, runId }, signal),
    createRunPoller: (runId) =>
      createRunPoller(send, runId, runUrl, createRunCheck(endpoint.project, startedRuns.get(runId))),
    getRun: async (runId, options, signal) =>
      (await readBuild(send, { runId, runUrl, ...options }, signal)).run,
    getRunSource: (query, signal) => readRunSource(send, query, signal),
    cancel: (runId, options, signal) => cancelBuild(send, { runId, ...options }, signal),
    addTags: (runId, tags, signal) => tagRun(send, { runId, tags }, signal),
    listTaggedRuns: (pipelineId, tag, signal) => listTaggedRuns(send, { pipelineId, tag, runUrl }, signal),
    updateStage: (runId, update, options, signal) =>
      updateStage(send, { runId, ...update, ...options }, signal),
    retryRun: (runId, signal) => retryRun(send, runId, signal),
    readLogLines: (log, signal) => logLines({ openStream, ...client }, log, signal),
    getLogLineCounts: (runId, signal) => readLogSizes(send, runId, signal),
    listArtifacts: (runId, options, signal) => listArtifacts(send, { runId, ...options }, signal),
    getTestCounts: (run, signal) => readTests({ ...deps, ...run, send, sendToResults }, signal),
    getApprovers: (approvalId, signal) => readApprovers(send, approvalId, signal),
    getPastDurations: (pipelineId, signal) => readPastDurations(send, pipelineId, signal),
  };
  return {
    pipelines,
    download: (ref, options, signal) => downloadArtifact({ client, send }, ref, options, signal),
  };
}

/** Where no pipeline is known yet, the first response says it for all others. */
function createRunCheck(project: string, pipelineId: number | undefined): RunCheck {
  let expectedPipeline = pipelineId ?? null;
  return (run) => {
    expectedPipeline ??= run.pipeline.id;
    const isOwnPipeline = run.pipeline.id === null || run.pipeline.id === expectedPipeline;
    return isOwnPipeline && (run.project === undefined || matchesProject(project, run.project));
  };
}
