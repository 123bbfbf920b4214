import type { AzureDevOps, PollRun } from "../ports.ts";
import { type ApiDeps, createApiClient, withPolicies } from "./api-client.ts";
import type { ApiEndpoint } from "./api-request.ts";
import type { DownloadArtifact } from "./artifact-download.ts";
import { findPipeline, readPipeline } from "./pipelines.ts";
import type { RunResources } from "./run-resources.ts";
import { previewRun, readRun, startRun, tagRun } from "./runs.ts";

/** One project of Azure DevOps. */
export function createAzureDevOpsClient(
  endpoint: ApiEndpoint,
  deps: ApiDeps,
): AzureDevOps & { readonly download: DownloadArtifact } {
  const client = createApiClient(endpoint, deps);
  const send = withPolicies(client);
  const buildsUrl = `${endpoint.baseUrl}/${encodeURIComponent(endpoint.project)}/_build`;
  const runUrl = (runId: number) => `${buildsUrl}/results?buildId=${runId}`;
  let resources: Promise<RunResources> | undefined;
  /** Loaded only once it is needed, so that a start is not delayed. */
  const load = () => {
    resources ??= import("./run-resources.ts").then(({ createRunResources }) =>
      createRunResources({ client, send, runUrl }),
    );
    return resources;
  };
  /** The ids of pipelines by the ids of their runs. */
  const startedRuns = new Map<number, number>();
  return {
    pipelines: {
      url: (pipelineId) => `${buildsUrl}?definitionId=${pipelineId}`,
      find: (pipeline, signal) => findPipeline(send, pipeline, signal),
      get: (pipelineId, signal) => readPipeline(send, pipelineId, signal),
      preview: (pipelineId, body, signal) => previewRun(send, pipelineId, body, signal),
      getPastDurations: async (...args) => await (await load()).getPastDurations(...args),
    },
    runs: {
      url: runUrl,
      start: async (pipelineId, request, signal) => {
        const run = await startRun(send, pipelineId, request, signal);
        startedRuns.set(run.id, pipelineId);
        return run;
      },
      getStarted: (pipelineId, runId, signal) => readRun(send, { pipelineId, runId }, signal),
      addTags: (runId, tags, signal) => tagRun(send, { runId, tags }, signal),
      get: async (...args) => await (await load()).runs.get(...args),
      getSource: async (...args) => await (await load()).runs.getSource(...args),
      createPoller: (runId) => {
        let poll: PollRun | undefined;
        return async (...args) => {
          poll ??= (await load()).runs.createPoller(runId, startedRuns.get(runId));
          return await poll(...args);
        };
      },
      cancel: async (...args) => await (await load()).runs.cancel(...args),
      retry: async (...args) => await (await load()).runs.retry(...args),
    },
    runLists: {
      listRecent: async (...args) => await (await load()).runLists.listRecent(...args),
      listTagged: async (...args) => await (await load()).runLists.listTagged(...args),
      getBaseline: async (...args) => await (await load()).runLists.getBaseline(...args),
      search: async (...args) => await (await load()).runLists.search(...args),
    },
    stages: { update: async (...args) => await (await load()).stages.update(...args) },
    logs: {
      async *readLines(...args) {
        yield* (await load()).logs.readLines(...args);
      },
      getLineCounts: async (...args) => await (await load()).logs.getLineCounts(...args),
    },
    artifacts: { list: async (...args) => await (await load()).artifacts.list(...args) },
    testResults: { getCounts: async (...args) => await (await load()).testResults.getCounts(...args) },
    approvals: { getApprovers: async (...args) => await (await load()).approvals.getApprovers(...args) },
    download: async (...args) => await (await load()).download(...args),
  };
}
