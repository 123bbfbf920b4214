import type { Verdict } from "../core/run-report.ts";
import type { RunSnapshot } from "../core/run-snapshot.ts";
import type { TrackingContext } from "./context.ts";
import { annotate } from "./finish-step.ts";
import { setAllOutputs } from "./outputs.ts";
import { publishSummary } from "./step-summary.ts";

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
