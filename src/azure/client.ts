import type { Pipelines, WantedArtifact } from "../ports.ts";
import { readApprovers } from "./approvals.ts";
import { listArtifacts } from "./artifacts.ts";
import { cancelBuild, listRecent, listTagged, readBuild } from "./builds.ts";
import { connected, type Means, type Place, resultsOf, serviceAt } from "./connect.ts";
import { findPipeline, readRepository } from "./definitions.ts";
import { downloadArtifact, type Taking } from "./download.ts";
import { readLogSizes, readPastDurations } from "./history.ts";
import { logLines } from "./logs.ts";
import { createLooker } from "./looker.ts";
import { retryRun, retryStage } from "./retries.ts";
import { previewRun, readRun, startRun, tagRun } from "./runs.ts";
import { createOpen } from "./stream.ts";
import { readTests } from "./tests.ts";

/** Downloads an artifact into a sink, which is called again from the beginning after a failure in passing. */
export type DownloadInto = (wanted: WantedArtifact, taking: Taking, signal: AbortSignal) => Promise<void>;

/** One project of Azure DevOps, as the use cases see it. */
export function azurePipelines(place: Place, means: Means): { pipelines: Pipelines; download: DownloadInto } {
  const service = serviceAt(place, means);
  const send = connected(service);
  const sendToResults = connected(resultsOf(service));
  const open = createOpen(service);
  const site = `${place.base}/${encodeURIComponent(place.project)}/_build`;
  const webAddress = (runId: number) => `${site}/results?buildId=${runId}`;
  const pipelines: Pipelines = {
    webAddress,
    pipelineAddress: (pipelineId) => `${site}?definitionId=${pipelineId}`,
    find: (pipeline, signal) => findPipeline(send, pipeline, signal),
    repository: (pipelineId, signal) => readRepository(send, pipelineId, signal),
    start: (pipelineId, request, signal) => startRun(send, pipelineId, request, signal),
    preview: (pipelineId, body, signal) => previewRun(send, pipelineId, body, signal),
    recent: (pipelineId, options, signal) => listRecent(send, { pipelineId, webAddress, ...options }, signal),
    run: (pipelineId, runId, signal) => readRun(send, { pipelineId, runId }, signal),
    looker: (runId) => createLooker(send, runId, webAddress),
    build: async (runId, options, signal) =>
      (await readBuild(send, { runId, webAddress, ...options }, signal)).run,
    cancel: (runId, options, signal) => cancelBuild(send, { runId, ...options }, signal),
    tag: (runId, tags, signal) => tagRun(send, { runId, tags }, signal),
    tagged: (pipelineId, tag, signal) => listTagged(send, { pipelineId, tag, webAddress }, signal),
    retryStage: (runId, stage, signal) => retryStage(send, { runId, stage }, signal),
    retryRun: (runId, signal) => retryRun(send, runId, signal),
    logLines: (log, signal) => logLines({ open, ...service }, log, signal),
    logSizes: (runId, signal) => readLogSizes(send, runId, signal),
    artifacts: (runId, options, signal) => listArtifacts(send, { runId, ...options }, signal),
    tests: (run, signal) => readTests({ ...means, ...run, send, sendToResults }, signal),
    approvers: (approvalId, signal) => readApprovers(send, approvalId, signal),
    pastDurations: (pipelineId, signal) => readPastDurations(send, pipelineId, signal),
  };
  return {
    pipelines,
    download: (wanted, taking, signal) => downloadArtifact({ service, send }, wanted, taking, signal),
  };
}
