import { documentOf } from "../core/document.ts";
import { treeOf } from "../core/tree.ts";
import type { Followable } from "./attach.ts";
import type { Sight } from "./follow.ts";
import type { Means } from "./means.ts";

/** One look, for a step that does not wait. */
export async function lookNow(
  { id, raw }: Followable,
  { pipelines, clock }: Means,
  signal: AbortSignal,
): Promise<Sight> {
  const { run, records, serviceTime } = await pipelines.looker(id)(
    // What a queued run waits for stands in its timeline.
    { patienceMs: 60_000, thorough: true },
    signal,
  );
  const tree = treeOf(records);
  return { run, tree, document: documentOf(run, tree, raw), at: serviceTime ?? clock.now() };
}
