import { ActionError, reasonOf } from "../errors.ts";
import { listed } from "../lib/text.ts";
import type { RequestOptions, Stages } from "../ports.ts";

/** Cancels stages that this step started or retried in a run that it did not start. Rejects if one can't be cancelled. */
export async function cancelStages(
  { runId, stages }: { readonly runId: number; readonly stages: readonly string[] },
  { stages: api, request }: { readonly stages: Stages; readonly request: RequestOptions },
  signal: AbortSignal,
): Promise<void> {
  const cancel = (stage: string) => api.update(runId, { stage, state: "cancel" }, request, signal);
  const results = await Promise.allSettled(stages.map(cancel));
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

/** `Stage Deploy` with `was`, or `Stages Deploy and Smoke` with `were`. */
export function stagesAsSubject(stages: readonly string[]): {
  readonly subject: string;
  readonly was: string;
} {
  const isSingle = stages.length === 1;
  return { subject: `${isSingle ? "Stage" : "Stages"} ${listed(stages)}`, was: isSingle ? "was" : "were" };
}

/** Cancels stages after the signal, and says what became of them. */
export async function cancelStagesOnSignal(
  target: { readonly runId: number; readonly stages: readonly string[]; readonly url: string },
  deps: Parameters<typeof cancelStages>[1],
  signal: AbortSignal,
): Promise<{ readonly isOver: boolean; readonly message: string }> {
  const { subject, was } = stagesAsSubject(target.stages);
  try {
    await cancelStages(target, deps, signal);
    return { isOver: true, message: `${subject} of the run ${was} cancelled too: ${target.url}` };
  } catch (error) {
    const yet = error instanceof ActionError ? "" : " yet";
    const message = `${subject} of the run could not be cancelled${yet} (${reasonOf(error)}): ${target.url}`;
    return { isOver: false, message };
  }
}
