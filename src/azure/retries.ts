import type { Send } from "./send.ts";

/**
 * Runs a stage's failed jobs again, as its next attempt under the same run.
 * https://learn.microsoft.com/rest/api/azure/devops/build/stages/update
 */
export async function retryStage(
  send: Send,
  { runId, stage }: { readonly runId: number; readonly stage: string },
  signal: AbortSignal,
): Promise<void> {
  await send({
    method: "PATCH",
    path: `_apis/build/builds/${runId}/stages/${encodeURIComponent(stage)}`,
    body: { state: "retry", forceRetryAllJobs: false },
    decode: () => undefined,
    doing: "Retrying the stage",
    // One that is under way already is refused, so that asking again does no harm.
    patienceMs: 30_000,
    signal,
  });
}

/**
 * Runs the failed jobs of a run again.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/update-build
 */
export async function retryRun(send: Send, runId: number, signal: AbortSignal): Promise<void> {
  await send({
    method: "PATCH",
    path: `_apis/build/builds/${runId}`,
    query: { retry: "true" },
    body: {},
    decode: () => undefined,
    doing: "Retrying the run",
    patienceMs: 30_000,
    signal,
  });
}
