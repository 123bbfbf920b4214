import { matchesProject } from "../core/model.ts";
import type { ArtifactRef, AzureDevOps } from "../ports.ts";
import { type ApiDeps, createApiClient, testResultsClient, withPolicies } from "./api-client.ts";
import type { ApiEndpoint } from "./api-request.ts";
import { readApprovers } from "./approvals.ts";
import { type DownloadOptions, downloadArtifact } from "./artifact-download.ts";
import { listArtifacts } from "./artifacts.ts";
import { readBaseline } from "./baseline.ts";
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

/** Downloads an artifact into a sink, which is called again from the beginning after a transient failure. */
export type DownloadArtifact = (
  ref: ArtifactRef,
  options: DownloadOptions,
  signal: AbortSignal,
) => Promise<void>;

/** One project of Azure DevOps. */
export function createAzureDevOpsClient(
  endpoint: ApiEndpoint,
  deps: ApiDeps,
): AzureDevOps & { readonly download: DownloadArtifact } {
  const client = createApiClient(endpoint, deps);
  const send = withPolicies(client);
  const sendToResults = withPolicies(testResultsClient(client));
  const openStream = createOpenTextStream(client);
  const buildsUrl = `${endpoint.baseUrl}/${encodeURIComponent(endpoint.project)}/_build`;
  const runUrl = (runId: number) => `${buildsUrl}/results?buildId=${runId}`;
  /** The ids of pipelines by the ids of their runs. */
  const startedRuns = new Map<number, number>();
  return {
    pipelines: {
      url: (pipelineId) => `${buildsUrl}?definitionId=${pipelineId}`,
      find: (pipeline, signal) => findPipeline(send, pipeline, signal),
      get: (pipelineId, signal) => readPipeline(send, pipelineId, signal),
      preview: (pipelineId, body, signal) => previewRun(send, pipelineId, body, signal),
      getPastDurations: (pipelineId, signal) => readPastDurations(send, pipelineId, signal),
    },
    runs: {
      url: runUrl,
      start: async (pipelineId, request, signal) => {
        const run = await startRun(send, pipelineId, request, signal);
        startedRuns.set(run.id, pipelineId);
        return run;
      },
      get: async (runId, options, signal) =>
        (await readBuild(send, { runId, runUrl, ...options }, signal)).run,
      getStarted: (pipelineId, runId, signal) => readRun(send, { pipelineId, runId }, signal),
      getSource: (query, signal) => readRunSource(send, query, signal),
      createPoller: (runId) =>
        createRunPoller(send, runId, runUrl, createRunCheck(endpoint.project, startedRuns.get(runId))),
      cancel: (runId, options, signal) => cancelBuild(send, { runId, ...options }, signal),
      retry: (runId, signal) => retryRun(send, runId, signal),
      addTags: (runId, tags, signal) => tagRun(send, { runId, tags }, signal),
    },
    runLists: {
      listRecent: (pipelineId, options, signal) =>
        listRecentRuns(send, { pipelineId, runUrl, ...options }, signal),
      listTagged: (pipelineId, tag, signal) => listTaggedRuns(send, { pipelineId, tag, runUrl }, signal),
      getBaseline: (run, options, signal) => readBaseline(send, { run, runUrl, ...options }, signal),
      search: (query, signal) => searchRuns({ send, runUrl, now: deps.clock.now }, query, signal),
    },
    stages: {
      update: (runId, update, options, signal) => updateStage(send, { runId, ...update, ...options }, signal),
    },
    logs: {
      readLines: (log, signal) => logLines({ openStream, ...client }, log, signal),
      getLineCounts: (runId, signal) => readLogSizes(send, runId, signal),
    },
    artifacts: { list: (runId, options, signal) => listArtifacts(send, { runId, ...options }, signal) },
    testResults: {
      getCounts: (query, signal) => readTests({ ...deps, ...query, send, sendToResults }, signal),
    },
    approvals: { getApprovers: (approvalId, signal) => readApprovers(send, approvalId, signal) },
    download: (ref, options, signal) => downloadArtifact({ client, send }, ref, options, signal),
  };
}

/** If the pipeline is not known yet, the first response determines it for all later ones. */
function createRunCheck(project: string, pipelineId: number | undefined): RunCheck {
  let expectedPipeline = pipelineId ?? null;
  return (run) => {
    expectedPipeline ??= run.pipeline.id;
    const isOwnPipeline = run.pipeline.id === null || run.pipeline.id === expectedPipeline;
    return isOwnPipeline && (run.project === undefined || matchesProject(project, run.project));
  };
}
