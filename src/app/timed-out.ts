import { durationText } from "../core/duration.ts";
import { ActionError, reasonOf } from "../errors.ts";
import type { Fate, Verdict } from "../render/report.ts";
import { waitingText } from "../render/standing.ts";
import { annotate } from "./annotate.ts";
import type { Followable } from "./attach.ts";
import type { Sight } from "./follow.ts";
import type { Scene } from "./scene.ts";
import { summarize } from "./summarize.ts";

/** A run as it was last seen, or one that no look has shown yet. */
type Late = Sight | { readonly run: Followable };

/** Ends a wait that took too long, as `on-timeout` says, with what was still waited for. */
export async function timedOut(late: Late, scene: Scene, signal: AbortSignal): Promise<"left"> {
  const { inputs, means } = scene;
  const { run } = late;
  const spent = durationText(inputs.timeoutMs ?? 0);
  const doing = "tree" in late ? `still ${waitingText(late.run, late.tree)}` : "no look at it was answered";
  const standing = `${run.name} was not done after ${spent}: ${doing}.`;
  const tell = async (verdict: Verdict) => {
    if ("tree" in late) await summarize(late, { verdict }, scene, signal);
    else await scene.signs.endUnseen(verdict, signal);
    signal.throwIfAborted();
  };
  if (inputs.onTimeout === "leave") {
    await tell({ kind: "running", text: `left alone after ${spent}` });
    if ("tree" in late) annotate(late, means.host, 1);
    means.host.write([
      { type: "warning", text: `${standing} It was left alone, as on-timeout says. ${run.url}` },
    ]);
    return "left";
  }
  const fate =
    inputs.onTimeout === "cancel"
      ? await cancelled(run.id, scene, signal)
      : { text: "It goes on.", goesOn: true };
  await tell({ kind: "timed-out", text: `timed out after ${spent}`, fate });
  if ("tree" in late) annotate(late, means.host);
  throw new ActionError("timeout", `${standing} ${fate.text} ${run.url}`, {
    hint: "Raise `timeout`, or see to what the run waits for.",
  });
}

async function cancelled(runId: number, { means }: Scene, signal: AbortSignal): Promise<Fate> {
  try {
    await means.pipelines.cancel(runId, { patienceMs: 60_000 }, signal);
    return { text: "It was cancelled, as on-timeout says.", goesOn: false };
  } catch (error) {
    signal.throwIfAborted();
    // Refused is also what has ended in the meantime.
    const now = await means.pipelines.build(runId, { patienceMs: 0 }, signal).catch(() => undefined);
    signal.throwIfAborted();
    if (now?.status === "completed")
      return { text: "It was over when it was to be cancelled.", goesOn: false };
    return { text: `It could not be cancelled (${reasonOf(error)}), so it goes on.`, goesOn: true };
  }
}
