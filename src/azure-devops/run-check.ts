import { matchesProject, type RunFacts } from "../core/model.ts";
import { ActionError } from "../errors.ts";
import type { SendRequest } from "./api-request.ts";
import { readPipeline } from "./pipelines.ts";

/** Whether a response is about the requested project and pipeline. Throws a TransientError if this is unknown for now. */
export type RunCheck = (run: RunFacts, signal: AbortSignal) => Promise<boolean>;

interface RequestedRun {
  /** Name or GUID. */
  readonly project: string;
  /** If it is not known yet, the first response determines it for all later ones. */
  readonly pipelineId: number | undefined;
}

/**
 * A renamed project is still served under its earlier names, but responses contain the present one. If the names differ, the
 * pipeline is read once under the requested name, and the ids of the projects are compared.
 */
export function createRunCheck(send: SendRequest, { project, pipelineId }: RequestedRun): RunCheck {
  let expectedPipeline = pipelineId ?? null;
  let requestedProjectId: string | null | undefined;
  return async (run, signal) => {
    expectedPipeline ??= run.pipeline.id;
    if (run.pipeline.id !== null && run.pipeline.id !== expectedPipeline) return false;
    if (run.project === undefined || matchesProject(project, run.project)) return true;
    const { id } = run.project;
    if (id === null || expectedPipeline === null) return false;
    if (requestedProjectId === undefined)
      requestedProjectId = await readProjectId(send, expectedPipeline, signal);
    return requestedProjectId?.toLowerCase() === id.toLowerCase();
  };
}

/** The id of the project that the requested name stands for; null if the service does not tell. */
async function readProjectId(
  send: SendRequest,
  pipelineId: number,
  signal: AbortSignal,
): Promise<string | null> {
  // The poll is retried, and this request with it.
  const sendOnce: SendRequest = (request) => send({ ...request, retryForMs: 0, timeoutMs: 10_000 });
  try {
    return (await readPipeline(sendOnce, pipelineId, signal)).project?.id ?? null;
  } catch (error) {
    if (error instanceof ActionError) return null;
    throw error;
  }
}
