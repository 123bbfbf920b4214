import type { Verdict } from "../render/report.ts";
import { annotate } from "./annotate.ts";
import type { Sight } from "./follow.ts";
import { tellAll } from "./outputs.ts";
import type { Scene } from "./scene.ts";
import { summarize } from "./summarize.ts";

/** Outputs, summary and signs of a run whose end the step did not see. */
export async function lastWords(
  verdict: Verdict & { readonly kind: "canceled" | "error" },
  { sight, scene }: { readonly sight: Sight | undefined; readonly scene: Scene },
  signal: AbortSignal,
): Promise<void> {
  if (sight === undefined) return await scene.signs.endUnseen(verdict, signal);
  // What went wrong after the end was told has nothing to add to it.
  if (scene.course.isEndTold) return;
  tellAll(sight.document, scene);
  annotate(sight, scene.means.host);
  await summarize(sight, { verdict }, scene, signal).catch(() => undefined);
}
