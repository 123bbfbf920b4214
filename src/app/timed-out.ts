import { durationText } from "../core/duration.ts";
import { ActionError, reasonOf } from "../errors.ts";
import type { CancelOutcome, Verdict } from "../render/report.ts";
import { activityText } from "../render/standing.ts";
import { annotate } from "./annotate.ts";
import type { TrackedRun } from "./attach.ts";
import type { RunSnapshot } from "./follow.ts";
import type { TrackingContext } from "./scene.ts";
import { publishSummary } from "./summarize.ts";

/** A run as it was last seen, or one that no look has shown yet. */
type TimedOutRun = RunSnapshot | { readonly run: TrackedRun };

/** Ends a wait that took too long, as `on-timeout` says, with what was still waited for. */
export async function finishAfterTimeout(
  lastState: TimedOutRun,
  tracking: TrackingContext,
  signal: AbortSignal,
): Promise<"left"> {
  const { inputs, deps } = tracking;
  const { run } = lastState;
  const elapsed = durationText(inputs.timeoutMs ?? 0);
  const activity =
    "tree" in lastState
      ? `still ${activityText(lastState.run, lastState.tree)}`
      : "no look at it was answered";
  const statusText = `${run.name} was not done after ${elapsed}: ${activity}.`;
  const publish = async (verdict: Verdict) => {
    if ("tree" in lastState) await publishSummary(lastState, { verdict }, tracking, signal);
    else await tracking.reports.closeUnpolled(verdict, signal);
    signal.throwIfAborted();
  };
  if (inputs.onTimeout === "leave") {
    await publish({ kind: "running", text: `left alone after ${elapsed}` });
    if ("tree" in lastState) annotate(lastState, deps.runner, 1);
    deps.runner.write([
      { type: "warning", text: `${statusText} It was left alone, as on-timeout says. ${run.url}` },
    ]);
    return "left";
  }
  const cancelOutcome =
    inputs.onTimeout === "cancel"
      ? await cancelAfterTimeout(run.id, tracking, signal)
      : { text: "It goes on.", isStillRunning: true };
  await publish({ kind: "timed-out", text: `timed out after ${elapsed}`, cancelOutcome });
  if ("tree" in lastState) annotate(lastState, deps.runner);
  throw new ActionError("timeout", `${statusText} ${cancelOutcome.text} ${run.url}`, {
    hint: "Raise `timeout`, or see to what the run waits for.",
  });
}

async function cancelAfterTimeout(
  runId: number,
  { deps }: TrackingContext,
  signal: AbortSignal,
): Promise<CancelOutcome> {
  try {
    await deps.pipelines.cancel(runId, { retryForMs: 60_000 }, signal);
    return { text: "It was cancelled, as on-timeout says.", isStillRunning: false };
  } catch (error) {
    signal.throwIfAborted();
    // Refused is also what has ended in the meantime.
    const current = await deps.pipelines.getRun(runId, { retryForMs: 0 }, signal).catch(() => undefined);
    signal.throwIfAborted();
    if (current?.status === "completed")
      return { text: "It was over when it was to be cancelled.", isStillRunning: false };
    return { text: `It could not be cancelled (${reasonOf(error)}), so it goes on.`, isStillRunning: true };
  }
}
