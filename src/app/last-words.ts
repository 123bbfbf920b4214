import type { Verdict } from "../render/report.ts";
import { annotate } from "./annotate.ts";
import type { RunSnapshot } from "./follow.ts";
import { setAllOutputs } from "./outputs.ts";
import type { TrackingContext } from "./scene.ts";
import { publishSummary } from "./summarize.ts";

/** Outputs, summary and signs of a run whose end the step did not see. */
export async function reportInterruptedRun(
  verdict: Verdict & { readonly kind: "canceled" | "error" },
  { snapshot, tracking }: { readonly snapshot: RunSnapshot | undefined; readonly tracking: TrackingContext },
  signal: AbortSignal,
): Promise<void> {
  if (snapshot === undefined) return await tracking.reports.closeUnpolled(verdict, signal);
  // What went wrong after the end was told has nothing to add to it.
  if (tracking.stepState.isFinalized) return;
  setAllOutputs(snapshot.document, tracking);
  annotate(snapshot, tracking.deps.runner);
  await publishSummary(snapshot, { verdict }, tracking, signal).catch(() => undefined);
}
