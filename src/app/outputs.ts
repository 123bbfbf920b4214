import type { RunDocument, StartedRun } from "../core/model.ts";
import { outputText } from "../core/output-values.ts";
import type { TrackedRun } from "../core/run-snapshot.ts";
import { reasonOf } from "../errors.ts";
import type { Inputs, MappedOutput } from "../inputs/inputs.ts";
import type { Clock } from "../lib/time.ts";
import type { Runner } from "../ports.ts";
import type { StepState } from "./step-state.ts";

/** Writes outputs as soon as they are known, and again when they change. */
export interface Outputs {
  /** Returns whether a value had changed and was written. */
  set(values: OutputValues): boolean;
}

type OutputValues = Readonly<Record<string, unknown>>;

export function createOutputs(runner: Pick<Runner, "setOutput">): Outputs {
  const written = new Map<string, string>();
  return {
    set: (values) => {
      const texts = Object.entries(values).map(([name, value]) => [name, outputText(value)] as const);
      const changed = texts.filter(([name, text]) => written.get(name) !== text);
      for (const [name, text] of changed) {
        written.set(name, text);
        runner.setOutput(name, text);
      }
      return changed.length > 0;
    },
  };
}

export function startOutputs({
  id,
  name,
  url,
  commit,
}: Pick<StartedRun, "id" | "name" | "url" | "commit">): OutputValues {
  return { "run-id": id, "run-name": name, "run-url": url, ...(commit !== null && { commit }) };
}

interface RunReceiver {
  readonly outputs: Outputs;
  readonly stepState: Pick<StepState, "setRun">;
}

/** Saves the run as soon as it is known, so that the step reports it however it ends. */
export function receiveRun(run: TrackedRun, { outputs, stepState }: RunReceiver): void {
  stepState.setRun(run);
  outputs.set(startOutputs({ ...run, commit: run.source.commit }));
}

/** Clears the outputs about a run that the step no longer follows. */
export const emptyRunOutputs: OutputValues = { "run-id": "", "run-name": "", "run-url": "", commit: "" };

/** Outputs that may change with each poll and are small. */
export function snapshotOutputs(document: RunDocument): OutputValues {
  return {
    "run-id": document.id,
    "run-name": document.name,
    "run-url": document.url,
    status: document.status,
    result: document.result,
    commit: document.source.commit,
    attempt: document.attempt,
    "queue-seconds": document.queueSeconds,
    "run-seconds": document.runSeconds,
  };
}

const firstLargeOutputDelayMs = 30_000;

const maxLargeOutputDelayMs = 10 * 60_000;

/**
 * Writes the outputs at every poll, so that a step that is killed leaves them behind. Large ones are written at the first
 * poll and then less and less often, since each write adds to the job's file.
 */
export function createSnapshotOutputWriter(
  outputs: Outputs,
  mapOutputs: readonly MappedOutput[],
  clock: Pick<Clock, "now">,
): (document: RunDocument) => void {
  let dueAt = clock.now();
  let delayMs = firstLargeOutputDelayMs;
  return (document) => {
    outputs.set(snapshotOutputs(document));
    if (clock.now() < dueAt) return;
    const { values } = evaluateMappedOutputs(mapOutputs, document);
    if (!outputs.set({ ...largeOutputs(document), ...values })) return;
    dueAt = clock.now() + delayMs;
    delayMs = Math.min(2 * delayMs, maxLargeOutputDelayMs);
  };
}

/** Writes all outputs for the current state of the run, and warns about each mapped output that can't be evaluated. */
export function setAllOutputs(
  document: RunDocument,
  {
    inputs,
    deps: { outputs, runner },
  }: {
    readonly inputs: Pick<Inputs, "mapOutputs">;
    readonly deps: { readonly outputs: Outputs; readonly runner: Pick<Runner, "write"> };
  },
): void {
  const { values, problems } = evaluateMappedOutputs(inputs.mapOutputs, document);
  const emptyValues = Object.fromEntries(problems.map(({ name }) => [name, ""]));
  outputs.set({ ...snapshotOutputs(document), ...largeOutputs(document), ...values, ...emptyValues });
  runner.write(
    problems.map(({ name, reason }) => ({
      type: "warning",
      text: `map-outputs: ${name} could not be evaluated: ${reason}`,
    })),
  );
}

function largeOutputs(document: RunDocument): OutputValues {
  return { stages: document.stages, run: document };
}

interface MappedOutputResult {
  readonly values: OutputValues;
  readonly problems: readonly { readonly name: string; readonly reason: string }[];
}

function evaluateMappedOutputs(
  mapOutputs: readonly MappedOutput[],
  document: RunDocument,
): MappedOutputResult {
  const values: [string, unknown][] = [];
  const problems: { name: string; reason: string }[] = [];
  for (const { name, evaluate } of mapOutputs) {
    try {
      values.push([name, evaluate(document)]);
    } catch (error) {
      problems.push({ name, reason: reasonOf(error) });
    }
  }
  return { values: Object.fromEntries(values), problems };
}
