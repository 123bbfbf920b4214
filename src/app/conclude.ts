import { firstCauses } from "../core/causes.ts";
import { judge } from "../core/expression.ts";
import { ActionError } from "../errors.ts";
import { endText, failureMessage } from "../render/bookends.ts";
import { resultText } from "../render/words.ts";
import { annotate } from "./annotate.ts";
import { fetchArtifacts, tellUnfetched, wantsArtifacts } from "./artifacts.ts";
import type { Followed } from "./follow.ts";
import { tellAll } from "./outputs.ts";
import type { Scene } from "./scene.ts";
import { type Findings, findingsOf, summarize } from "./summarize.ts";
import { timedOut } from "./timed-out.ts";

/** How the step ends: the run's own end is a value, never an error. */
export type Verdict = "succeeded" | "failed" | "left";

/** Decides how the step ends, brings back what was asked for, and says it in summary, signs and log. */
export async function conclude(followed: Followed, scene: Scene, signal: AbortSignal): Promise<Verdict> {
  const { inputs, means, logs } = scene;
  const { run, tree, document } = followed;
  const isOver = run.status === "completed";
  // Asked for at once, and waited for only where it is told.
  const finding = findingsOf(followed, scene, signal);
  finding.catch(() => undefined);
  if (isOver) await logs.finish(tree, signal);
  else tellUnfetched(inputs, means.host);
  tellAll(document, scene);
  if (followed.end === "timed-out" && !isOver) return await timedOut(followed, scene, signal);
  const { holds: isGood, problem } = judge(inputs.successWhen, document);
  if (problem !== undefined) {
    means.host.write([{ type: "warning", text: `success-when could not be evaluated: ${problem}` }]);
  }
  const findings = await finding;
  const fault = isOver ? await brought({ followed, isGood, findings }, scene, signal) : undefined;
  const standing = isGood ? "reached what was waited for" : "did not reach what was waited for";
  const words = resultText(run) ?? standing;
  const text = fault === undefined ? words : `${words}, and the action gave up (${fault.code})`;
  const kind =
    fault !== undefined ? "error" : isGood ? "succeeded" : run.result === "canceled" ? "canceled" : "failed";
  await summarize(followed, { verdict: { kind, text }, findings }, scene, signal);
  annotate(followed, means.host);
  signal.throwIfAborted();
  const failure = failureMessage(run, firstCauses(tree, run.problems));
  if (fault !== undefined) throw isGood ? fault : both(failure, fault);
  if (isGood) {
    means.host.write([{ type: "text", text: endText(run, tree) }]);
    return "succeeded";
  }
  means.host.write([{ type: "error", text: failure }]);
  return "failed";
}

/** A run that failed, and artifacts that could not be had: one error, whose code is the action's own fault. */
function both(failure: string, fault: ActionError): ActionError {
  const { code, hint } = fault;
  return new ActionError(code, `${failure}\n${fault.message}`, { hint, cause: fault });
}

interface Bringing {
  readonly followed: Followed;
  readonly isGood: boolean;
  readonly findings: Findings;
}

/** Artifacts: what goes wrong with them is told after everything else has been. */
async function brought(
  { followed, isGood, findings }: Bringing,
  scene: Scene,
  signal: AbortSignal,
): Promise<ActionError | undefined> {
  const { inputs, means } = scene;
  if (!wantsArtifacts(inputs)) return undefined;
  const { run } = followed;
  try {
    const available =
      findings.artifacts ?? (await means.pipelines.artifacts(run.id, { patienceMs: 60_000 }, signal));
    await fetchArtifacts({ inputs, run, available, store: means.store, isGood }, means, signal);
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof ActionError) return error;
    throw error;
  }
}
