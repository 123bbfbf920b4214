import { firstCauses } from "../core/causes.ts";
import { durationText } from "../core/duration.ts";
import { judge } from "../core/expression.ts";
import { ActionError } from "../errors.ts";
import type { Inputs } from "../inputs.ts";
import { endText, failureMessage } from "../render/bookends.ts";
import { waitingText } from "../render/standing.ts";
import type { Followed } from "./follow.ts";
import type { Means } from "./means.ts";

/** How the step ends: the run's own end is a value, never an error. */
export type Verdict = "succeeded" | "failed" | "left";

/** Decides how the step ends, and says it in the last words of the log. */
export async function finish(
  followed: Followed,
  { inputs, means }: { readonly inputs: Inputs; readonly means: Means },
  signal: AbortSignal,
): Promise<Verdict> {
  const { host } = means;
  const { run, tree, document } = followed;
  if (followed.end === "timed-out") return await timedOut(followed, { inputs, means }, signal);
  if (judge(inputs.successWhen, document).holds) {
    host.write([{ type: "text", text: endText(run, tree) }]);
    return "succeeded";
  }
  host.write([{ type: "error", text: failureMessage(run, firstCauses(tree)) }]);
  return "failed";
}

async function timedOut(
  { run, tree }: Followed,
  { inputs, means }: { readonly inputs: Inputs; readonly means: Means },
  signal: AbortSignal,
): Promise<Verdict> {
  const { host, pipelines } = means;
  const spent = durationText(inputs.timeoutMs ?? 0);
  const standing = `${run.name} was not done after ${spent}: still ${waitingText(run, tree)}. ${run.url}`;
  if (inputs.onTimeout === "leave") {
    host.write([{ type: "warning", text: `${standing} It was left alone, as on-timeout says.` }]);
    return "left";
  }
  if (inputs.onTimeout === "fail") {
    throw new ActionError("timeout", standing, {
      hint: "Raise `timeout`, or look at what the run waits for. It goes on.",
    });
  }
  try {
    await pipelines.cancel(run.id, { patienceMs: 60_000 }, signal);
  } catch (cause) {
    throw new ActionError("timeout", `${standing} It could not be cancelled.`, {
      hint: "Cancel the run in Azure DevOps: it goes on.",
      cause,
    });
  }
  throw new ActionError("timeout", `${standing} It was cancelled, as on-timeout says.`, {
    hint: "Raise `timeout` if it should have gone on.",
  });
}
