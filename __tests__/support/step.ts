import { commandProcessor, type Step } from "./command-processor.ts";
import { lineSplitter } from "./commands.ts";
import { type FileCommands, fileCommands } from "./file-commands.ts";
import type { JobSetting } from "./job.ts";
import type { Masker } from "./masker.ts";
import { type Ended, type ProcessOptions, type StepProcess, startProcess } from "./process.ts";
import { type Annotation, createStepLog } from "./step-log.ts";
import { createStepState } from "./step-state.ts";

/** What became of a step. */
export interface Ran {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** As the runner would decide. */
  readonly result: "success" | "failure" | "cancelled";
  /** What a user reads: masked, commands obeyed, `##[error]…`, `##[group]…` as GitHub stores them. */
  readonly log: string;
  /** stdout and stderr as they came, and the file commands' files as they were left: no secret may be in the first. */
  readonly raw: string;
  readonly written: Readonly<Record<"env" | "path" | "output" | "state" | "step_summary", string>>;
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
  /** Owners of problem matchers that were added and not removed. */
  readonly matchers: readonly string[];
  readonly millis: number;
  /** Of those, the ones after the job was cancelled. */
  readonly millisFromCancel: number | undefined;
  /** 0 where there is no /proc, or for a process too short to be looked at. */
  readonly peakRssKb: number;
}

export interface StepOptions {
  readonly entry: string;
  readonly setting: JobSetting;
  readonly env: Readonly<Record<string, string>>;
  readonly masker: Masker;
  readonly process: Pick<ProcessOptions, "signal" | "graceMs" | "container">;
  readonly onLine: (line: string) => void;
  /** After each piece of output, so that a pattern may span lines. */
  readonly onOutput: () => void;
}

/** A step under way. */
export interface RunningStep {
  readonly process: StepProcess;
  readonly done: Promise<Ran>;
}

export function startStep({
  entry,
  setting,
  env,
  masker,
  process: held,
  onLine,
  onOutput,
}: StepOptions): RunningStep {
  const files = fileCommands(setting.commandFolder);
  const debug = (env["RUNNER_DEBUG"] ?? setting.env["RUNNER_DEBUG"]) === "1";
  const step: Step = {
    log: createStepLog({ masker, debug, onLine }),
    masker,
    kept: createStepState(),
    workspace: setting.workspace,
  };
  const obey = commandProcessor(step);
  const splitters = { stdout: lineSplitter(obey), stderr: lineSplitter(obey) };
  const started = performance.now();
  let raw = "";
  const child = startProcess(entry, {
    ...held,
    cwd: setting.workspace,
    env: { ...setting.env, ...files.env, ...env },
    onText: (stream, text) => {
      raw += text;
      splitters[stream].push(text);
      onOutput();
    },
  });
  const done = child.ended.then((ended) => {
    const millis = performance.now() - started;
    const millisFromCancel = child.millisFromCancel();
    for (const splitter of Object.values(splitters)) splitter.end();
    const ran = finish(step, files, { ended, cancelled: child.isCancelled() });
    onOutput();
    return { ...ran, raw, millis, millisFromCancel, peakRssKb: child.peakRssKb() };
  });
  return { process: child, done };
}

type Ending = { ended: Ended; cancelled: boolean };

/** File commands count however the process ended; then the result is decided. */
function finish(step: Step, files: FileCommands, { ended, cancelled }: Ending) {
  const { log, kept, masker } = step;
  const written = files.written();
  const summary = files.process(step);
  if (cancelled) log.issue("error", "The operation was canceled.");
  const failed = kept.failed || ended.exitCode !== 0;
  const outputs = kept.outputs.record();
  return {
    ...ended,
    ...summary,
    written,
    result: cancelled ? ("cancelled" as const) : failed ? ("failure" as const) : ("success" as const),
    log: log.text(),
    annotations: log.annotations,
    outputs,
    droppedOutputs: Object.keys(outputs).filter((name) => masker.mask(outputs[name] ?? "") !== outputs[name]),
    state: kept.state.record(),
    masks: kept.masks,
    env: kept.env,
    paths: kept.paths,
    matchers: kept.matchers,
  };
}
