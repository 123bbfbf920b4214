import type { StepContext } from "./command-handlers.ts";
import { createCommandProcessor } from "./command-processor.ts";
import { createLineSplitter } from "./commands.ts";
import { createFileCommands, type FileCommand, type FileCommands } from "./file-commands.ts";
import type { PreparedJob } from "./job.ts";
import type { Masker } from "./masker.ts";
import type { ProblemMatchers } from "./problem-matchers.ts";
import {
  noProcess,
  type ProcessExit,
  type ProcessOptions,
  type StepProcess,
  startProcess,
} from "./process.ts";
import { createStepEffects } from "./step-effects.ts";
import { type Annotation, type AnnotationCounts, createStepLog } from "./step-log.ts";

export type Conclusion = "success" | "failure" | "cancelled";

/** How a step has ended. */
export interface StepResult {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** As the runner would decide. */
  readonly result: Conclusion;
  /** What counts for the job: with `continue-on-error` a failure counts as a success. */
  readonly conclusion: Conclusion;
  /** What a user reads: masked, commands executed, `##[error]…`, `##[group]…` as GitHub stores them. */
  readonly log: string;
  /** stdout and stderr as they came, and the file commands' files as they were left: no secret may be in the first. */
  readonly raw: string;
  readonly written: Readonly<Record<FileCommand, string>>;
  /** The ones GitHub keeps: ten a level, each cut at 4096 characters. */
  readonly annotations: readonly Annotation[];
  readonly outputs: Readonly<Record<string, string>>;
  /** Names of outputs that would be dropped as job outputs, since a masked text is in them. */
  readonly droppedOutputs: readonly string[];
  readonly state: Readonly<Record<string, string>>;
  /** Masked; blank when dropped for being larger than 1 MiB. */
  readonly summary: string;
  readonly summaryDropped: boolean;
  /** What `::add-mask::` added, in order. */
  readonly masks: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly paths: readonly string[];
  /** Owners of the job's problem matchers after the step. */
  readonly matchers: readonly string[];
  readonly millis: number;
  /** Of those, the ones after the job was cancelled. */
  readonly millisFromCancel: number | undefined;
  /** 0 where there is no /proc, or for a process too short to be measured. */
  readonly peakRssKb: number;
}

export interface StepOptions {
  /** Undefined for a step that is known to do nothing: no process is started. */
  readonly entry: string | undefined;
  readonly job: PreparedJob;
  readonly env: Readonly<Record<string, string>>;
  readonly masker: Masker;
  readonly matchers: ProblemMatchers;
  /** The runner's own warnings, at the start of the step. */
  readonly warnings: readonly string[];
  readonly timeoutMinutes: number | undefined;
  readonly continueOnError: boolean;
  readonly outputLost: boolean;
  readonly annotationCounts: AnnotationCounts | undefined;
  /** Undefined inside a composite action. */
  readonly name: string | undefined;
  readonly process: Pick<ProcessOptions, "signal" | "graceMs" | "container" | "linuxArm32">;
  readonly onLine: (line: string) => void;
  /** After each piece of output, so that a pattern may span lines. */
  readonly onOutput: () => void;
}

/** A running step. */
export interface RunningStep {
  readonly process: StepProcess;
  readonly done: Promise<StepResult>;
}

export function startStep({
  entry,
  job,
  env,
  masker,
  matchers,
  warnings,
  timeoutMinutes,
  continueOnError,
  outputLost,
  annotationCounts,
  name,
  process: processOptions,
  onLine,
  onOutput,
}: StepOptions): RunningStep {
  const files = createFileCommands(job.commandFolder);
  const debug = (env["RUNNER_DEBUG"] ?? job.env["RUNNER_DEBUG"]) === "1";
  const step: StepContext = {
    log: createStepLog({ masker, debug, annotationCounts, onLine }),
    masker,
    effects: createStepEffects(),
    matchers,
    workspace: job.workspace,
  };
  for (const warning of warnings) step.log.issue("warning", warning);
  const broken = Promise.withResolvers<ProcessExit>();
  const processLine = createCommandProcessor(step, () => broken.resolve({ exitCode: null, signal: null }));
  const splitters = { stdout: createLineSplitter(processLine), stderr: createLineSplitter(processLine) };
  const started = performance.now();
  let raw = "";
  const onText: ProcessOptions["onText"] = (stream, text) => {
    if (outputLost) return;
    raw += text;
    splitters[stream].push(text);
    onOutput();
  };
  const fullEnv = { ...job.env, ...files.env, ...job.commandFiles, ...env };
  const child =
    entry === undefined
      ? noProcess()
      : startProcess(entry, { ...processOptions, cwd: job.workspace, env: fullEnv, onText });
  let timedOut = false;
  const timer =
    timeoutMinutes &&
    setTimeout(() => {
      if (child.isCancelled()) return;
      timedOut = true;
      child.cancel();
    }, timeoutMinutes * 60_000);
  const done = Promise.race([child.exited, broken.promise]).then((exit) => {
    const millis = performance.now() - started;
    const millisFromCancel = child.millisFromCancel();
    for (const splitter of Object.values(splitters)) splitter.end();
    clearTimeout(timer);
    if (timedOut) {
      for (const message of timeoutMessages(name, timeoutMinutes)) step.log.issue("error", message);
      step.effects.failed = true;
    }
    const finished = finish(step, files, { exit, isCancelled: child.isCancelled() && !timedOut });
    const conclusion = continueOnError && finished.result === "failure" ? "success" : finished.result;
    onOutput();
    return { ...finished, conclusion, raw, millis, millisFromCancel, peakRssKb: child.peakRssKb() };
  });
  return { process: child, done };
}

function timeoutMessages(name: string | undefined, minutes: number | undefined): readonly string[] {
  if (name === undefined) return ["The action has timed out.", "The action has timed out."];
  return [`The action '${name}' has timed out after ${minutes} minutes.`];
}

type StepExit = { exit: ProcessExit; isCancelled: boolean };

/** File commands count however the process ended; then the result is decided. */
function finish(step: StepContext, files: FileCommands, { exit, isCancelled }: StepExit) {
  const { log, effects, masker } = step;
  const written = files.contents();
  const summary = files.process(step);
  if (isCancelled) log.issue("error", "The operation was canceled.");
  const failed = effects.failed || exit.exitCode !== 0;
  const result: Conclusion = isCancelled ? "cancelled" : failed ? "failure" : "success";
  const outputs = effects.outputs.toObject();
  return {
    ...exit,
    ...summary,
    written,
    result,
    log: log.text(),
    annotations: log.annotations,
    outputs,
    droppedOutputs: Object.keys(outputs).filter((name) => masker.mask(outputs[name] ?? "") !== outputs[name]),
    state: effects.state.toObject(),
    masks: effects.masks,
    env: effects.env,
    paths: effects.paths,
    matchers: step.matchers.owners(),
  };
}
