import type { Pipelines } from "../ports.ts";
import { cancelBuild, listRecent, readBuild } from "./builds.ts";
import type { Place } from "./connect.ts";
import { findPipeline, readRepository } from "./definitions.ts";
import { createLooker } from "./looker.ts";
import { previewRun, readRun, startRun, tagRun } from "./runs.ts";
import type { Send } from "./send.ts";

/** One project of Azure DevOps, as the use cases see it. */
export function azurePipelines(send: Send, place: Place): Pipelines {
  const site = `${place.base}/${encodeURIComponent(place.project)}/_build`;
  const webAddress = (runId: number) => `${site}/results?buildId=${runId}`;
  return {
    webAddress,
    pipelineAddress: (pipelineId) => `${site}?definitionId=${pipelineId}`,
    find: (pipeline, signal) => findPipeline(send, pipeline, signal),
    repository: (pipelineId, signal) => readRepository(send, pipelineId, signal),
    start: (pipelineId, body, signal) => startRun(send, pipelineId, body, signal),
    preview: (pipelineId, body, signal) => previewRun(send, pipelineId, body, signal),
    recent: (pipelineId, options, signal) => listRecent(send, { pipelineId, webAddress, ...options }, signal),
    run: (pipelineId, runId, signal) => readRun(send, { pipelineId, runId }, signal),
    looker: (runId) => createLooker(send, runId, webAddress),
    build: async (runId, options, signal) =>
      (await readBuild(send, { runId, webAddress, ...options }, signal)).run,
    cancel: (runId, options, signal) => cancelBuild(send, { runId, ...options }, signal),
    tag: (runId, tags, signal) => tagRun(send, { runId, tags }, signal),
  };
}
