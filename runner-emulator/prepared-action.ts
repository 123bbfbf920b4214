import { delimiter, join } from "node:path";
import { staleBundleMessage } from "../scripts/build/source-hash.ts";
import { inputVariables, readAction, unexpectedInputsWarning } from "./action-file.ts";
import { defaultToken, type Job, type PreparedJob, setUpJob } from "./job.ts";
import { linuxArm32Warning } from "./linux-arm32.ts";
import { createMasker, type Masker } from "./masker.ts";
import { createProblemMatchers, type ProblemMatchers, readMatchers } from "./problem-matchers.ts";
import type { GraceMs } from "./process.ts";
import { type RunningStep, type StepResult, startStep } from "./step.ts";
import type { AnnotationCounts } from "./step-log.ts";
import type { WatchedLog } from "./watched-log.ts";

export type Inputs = Readonly<Record<string, string>>;

/** What the steps of a job share. */
export interface JobContext {
  readonly job: PreparedJob;
  readonly masker: Masker;
  readonly matchers: ProblemMatchers;
  readonly log: WatchedLog;
  readonly processes: ProcessSettings;
}

/** How the runner starts and stops processes. */
export interface ProcessSettings {
  /** The first signal of a cancellation: SIGINT. */
  readonly signal?: NodeJS.Signals;
  /** The runner waits 7500 and 2500 ms. */
  readonly graceMs?: GraceMs;
  /**
   * A container job: a cancellation reaches no process. The step ends at once and the post step runs, while main still
   * lives; it is killed after that.
   */
  readonly container?: boolean;
  /** A runner on Linux ARM32: it warns, and runs the action on Node 20. */
  readonly linuxArm32?: boolean;
}

/** One use of an action in a job. */
export interface ActionUseOptions {
  /** The step's `timeout-minutes`, fractions allowed; the post step has a window of its own, of the same length. */
  readonly timeoutMinutes?: number;
  /** The step's `continue-on-error`, which holds for its post step too. */
  readonly continueOnError?: boolean;
  readonly allowUnknown?: boolean;
  /** The folder of another action than this repository's. */
  readonly action?: string;
  /** Another file to run than action.yml's `main` and `post`. */
  readonly bundle?: string;
  /** The runner loses all output of the main process, as it can with many background steps. File commands survive. */
  readonly outputLost?: boolean;
  /** Starts a process for the post step even if its state says that there is nothing to do. */
  readonly startsIdlePost?: boolean;
}

/** The composite action that a step is in. Its steps have its `github.action` and share its annotations. */
export interface CompositeAction {
  readonly id: string;
  readonly annotationCounts: AnnotationCounts;
}

interface ActionRequest {
  /** The step's. */
  readonly id: string;
  readonly inputs: Inputs;
  readonly options: ActionUseOptions;
  readonly composite?: CompositeAction | undefined;
}

export interface PreparedAction {
  /** `env`: what earlier steps have set. */
  startMain(env: Readonly<Record<string, string>>): RunningStep;
  /** Undefined when action.yml has none. */
  readonly post:
    | { readonly condition: string; start(env: Readonly<Record<string, string>>): RunningStep }
    | undefined;
}

const repository = join(import.meta.dirname, "..");

export function createJobContext(options: Job & ProcessSettings, log: WatchedLog): JobContext {
  if (!process.versions.node.startsWith("24.")) {
    throw new Error(`the runner has Node 24; these tests run on ${process.version}: use "npm test"`);
  }
  const matchers = createProblemMatchers();
  for (const file of options.matcherFiles ?? []) matchers.add(readMatchers(file));
  return {
    job: setUpJob(options),
    masker: createMasker([options.token ?? defaultToken, ...(options.secrets ?? [])]),
    matchers,
    log,
    processes: options,
  };
}

export function prepareAction(
  context: JobContext,
  { id, inputs: given, options, composite }: ActionRequest,
): PreparedAction {
  const { job, masker, matchers, log, processes } = context;
  if (options.action === undefined && options.bundle === undefined) requireCurrentBundle();
  const githubAction = composite?.id ?? id;
  const action = readAction(options.action ?? repository);
  const inputs = inputVariables(action, given, {
    allowUnknown: options.allowUnknown ?? false,
    lookupContext: (path) => (path === "github.action" ? githubAction : job.context(path)),
  });
  const warnings = [
    unexpectedInputsWarning(action, given),
    processes.linuxArm32 ? linuxArm32Warning : undefined,
  ].filter((warning) => warning !== undefined);
  const start = (
    entry: string | undefined,
    env: Readonly<Record<string, string>>,
    outputLost = false,
  ): RunningStep =>
    startStep({
      entry,
      env: { ...env, GITHUB_ACTION: githubAction, ...inputs },
      job,
      masker,
      matchers,
      warnings,
      timeoutMinutes: options.timeoutMinutes,
      continueOnError: options.continueOnError ?? false,
      outputLost,
      annotationCounts: composite?.annotationCounts,
      name: composite === undefined ? id : undefined,
      process: processes,
      onLine: log.add,
      onOutput: log.notify,
    });
  const main = options.bundle ?? action.main;
  const post = action.post === undefined ? undefined : (options.bundle ?? action.post);
  const isIdlePost = (env: Readonly<Record<string, string>>) =>
    !startsIdlePost(options) && env["STATE_phase"] === settledPhase;
  return {
    startMain: (env) => start(main, env, options.outputLost),
    post:
      post === undefined
        ? undefined
        : { condition: action.postIf, start: (env) => start(isIdlePost(env) ? undefined : post, env) },
  };
}

/** With this state `src/post.ts` loads nothing. A process for it in each scenario is a tenth of the tests' time. */
const settledPhase = '{"at":"settled"}';

/** Only of this repository's own action it is known what the post step does. */
function startsIdlePost(options: ActionUseOptions): boolean {
  return options.startsIdlePost === true || options.action !== undefined || options.bundle !== undefined;
}

let stale: { readonly message: string | undefined } | undefined;

/** Compared once a process. Without a stack, as each scenario of a run would repeat it. */
function requireCurrentBundle(): void {
  stale ??= { message: staleBundleMessage(repository) };
  if (stale.message !== undefined) throw Object.assign(new Error(stale.message), { stack: stale.message });
}

/** The variables that completed steps leave to later ones. */
export function environmentAfter(results: readonly StepResult[], job: PreparedJob): Record<string, string> {
  const paths = results.flatMap((result) => result.paths).reverse();
  return {
    ...Object.assign({}, ...results.map(({ env }) => env)),
    ...(paths.length > 0 && { PATH: [...paths, job.env["PATH"]].join(delimiter) }),
  };
}

/** What a post step gets of its main step's state. */
export function stateVariables(state: StepResult["state"]): Record<string, string> {
  return Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value]));
}
