import { type Inputs, readInputs } from "../inputs.ts";
import type { Outside } from "./launch.ts";
import { candidatesOf } from "./start.ts";
import { type Phase, recallPhase } from "./state.ts";

type Open = Exclude<Phase, { at: "idle" | "settled" }>;

const atMostMs = 60_000;

/**
 * The post step: cancels the run where the main step was cut off before it could. Says what happened, and never fails
 * the job: an unclean end has its own colour already.
 */
export async function cleanUp(outside: Omit<Outside, "signal" | "trigger">): Promise<void> {
  const { host, clock } = outside;
  const phase = recallPhase(host);
  if (phase.at === "idle" || phase.at === "settled") return;
  const limit = new AbortController();
  const never = new AbortController().signal;
  void clock
    .sleep(atMostMs, never)
    .then(() => limit.abort(new Error(`${atMostMs / 1_000} s were not enough`)));
  try {
    const inputs = await readInputs(outside.input);
    if (!(inputs.cancelOnAbort ?? (phase.at === "starting" || phase.isOurs))) return;
    const text = await cancelled(phase, inputs, outside, limit.signal);
    host.write([{ type: "text", text }]);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    host.write([
      { type: "warning", text: `This step was cut off, and its run could not be cancelled: ${why}` },
    ]);
  }
}

async function cancelled(
  phase: Open,
  inputs: Inputs,
  { connect, clock }: Omit<Outside, "signal" | "trigger">,
  signal: AbortSignal,
): Promise<string> {
  const { pipelines } = connect(inputs);
  const patience = { patienceMs: 20_000 };
  if (phase.at === "following") {
    const { status, name, url } = await pipelines.build(phase.runId, patience, signal);
    if (status === "completed") return `${name} was over when this step was cut off: ${url}`;
    if (status !== "canceling") await pipelines.cancel(phase.runId, patience, signal);
    return `${name} was cancelled, since this step was cut off: ${url}`;
  }
  const { pipelineId, evidence, startedAt } = phase;
  const alike = await candidatesOf(
    { start: { pipelineId, evidence }, startedAt },
    { pipelines, clock },
    signal,
  );
  const [found, another] = alike;
  if (found === undefined) return "This step was cut off while it started a run; none has shown up.";
  if (another !== undefined || found.likeness !== "ours") {
    const list = alike.map(({ candidate }) => candidate.url).join(", ");
    return `This step was cut off while it started a run, which may be one of these; none was cancelled: ${list}`;
  }
  const { id, name, url, status } = found.candidate;
  if (status !== "completed") await pipelines.cancel(id, patience, signal);
  return `${name}, whose start was under way when this step was cut off, was cancelled: ${url}`;
}
