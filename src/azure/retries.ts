import type { SendRequest } from "./send.ts";

/**
 * Runs a stage's failed jobs again, as its next attempt under the same run.
 * https://learn.microsoft.com/rest/api/azure/devops/build/stages/update
 */
export async function retryStage(
  send: SendRequest,
  { runId, stage }: { readonly runId: number; readonly stage: string },
  signal: AbortSignal,
): Promise<void> {
  await send({
    method: "PATCH",
    path: `_apis/build/builds/${runId}/stages/${encodeURIComponent(stage)}`,
    body: { state: "retry", forceRetryAllJobs: false },
    decode: () => undefined,
    operation: "Retrying the stage",
    // One that is under way already is refused, so that asking again does no harm.
    retryForMs: 30_000,
    signal,
  });
}

/**
 * Runs the failed jobs of a run again.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/update-build
 */
export async function retryRun(send: SendRequest, runId: number, signal: AbortSignal): Promise<void> {
  await send({
    method: "PATCH",
    path: `_apis/build/builds/${runId}`,
    query: { retry: "true" },
    body: {},
    decode: () => undefined,
    operation: "Retrying the run",
    retryForMs: 30_000,
    signal,
  });
}
