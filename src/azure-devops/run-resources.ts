import type { AzureDevOps, PollRun } from "../ports.ts";
import { type ApiClient, testResultsClient, withPolicies } from "./api-client.ts";
import type { SendRequest } from "./api-request.ts";
import { readApprovers } from "./approvals.ts";
import { type DownloadArtifact, downloadArtifact } from "./artifact-download.ts";
import { listArtifacts } from "./artifacts.ts";
import { readBaseline } from "./baseline.ts";
import {
  cancelBuild,
  listRecentRuns,
  listTaggedRuns,
  type RunUrlBuilder,
  readBuild,
  readPastDurations,
  retryRun,
  updateStage,
} from "./builds.ts";
import { logLines, readLogSizes } from "./logs.ts";
import { createRunCheck } from "./run-check.ts";
import { searchRuns } from "./run-list.ts";
import { readRunSource } from "./run-source.ts";
import { createOpenTextStream } from "./streaming.ts";
import { readTests } from "./test-results.ts";
import { createRunPoller } from "./timeline.ts";

/** What concerns runs that exist. */
export interface RunResources
  extends Pick<AzureDevOps, "runLists" | "stages" | "logs" | "artifacts" | "testResults" | "approvals"> {
  readonly runs: Pick<AzureDevOps["runs"], "get" | "getSource" | "cancel" | "retry"> & {
    /** `pipelineId`: of the run, where that is known. */
    createPoller(runId: number, pipelineId: number | undefined): PollRun;
  };
  readonly getPastDurations: AzureDevOps["pipelines"]["getPastDurations"];
  readonly download: DownloadArtifact;
}

interface RunResourcesDeps {
  readonly client: ApiClient;
  readonly send: SendRequest;
  readonly runUrl: RunUrlBuilder;
}

/** A module of its own, since it is loaded only once there is a run. */
export function createRunResources({ client, send, runUrl }: RunResourcesDeps): RunResources {
  const { clock, endpoint } = client;
  const sendToResults = withPolicies(testResultsClient(client));
  const openStream = createOpenTextStream(client);
  return {
    getPastDurations: (pipelineId, signal) => readPastDurations(send, pipelineId, signal),
    runs: {
      get: async (runId, options, signal) =>
        (await readBuild(send, { runId, runUrl, ...options }, signal)).run,
      getSource: (query, signal) => readRunSource(send, query, signal),
      createPoller: (runId, pipelineId) =>
        createRunPoller(send, runId, runUrl, createRunCheck(send, { project: endpoint.project, pipelineId })),
      cancel: (runId, options, signal) => cancelBuild(send, { runId, ...options }, signal),
      retry: (runId, signal) => retryRun(send, runId, signal),
    },
    runLists: {
      listRecent: (pipelineId, options, signal) =>
        listRecentRuns(send, { pipelineId, runUrl, ...options }, signal),
      listTagged: (pipelineId, tag, signal) => listTaggedRuns(send, { pipelineId, tag, runUrl }, signal),
      getBaseline: (run, options, signal) => readBaseline(send, { run, runUrl, ...options }, signal),
      search: (query, signal) => searchRuns({ send, runUrl, now: clock.now }, query, signal),
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
      getCounts: (query, signal) => readTests({ clock, ...query, send, sendToResults }, signal),
    },
    approvals: { getApprovers: (approvalId, signal) => readApprovers(send, approvalId, signal) },
    download: (ref, options, signal) => downloadArtifact({ client, send }, ref, options, signal),
  };
}
