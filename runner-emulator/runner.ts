import { delimiter, join } from "node:path";
import { inputVariables, readAction, unexpectedInputsWarning } from "./action-file.ts";
import { defaultToken, type Job, type PreparedJob, setUpJob } from "./job.ts";
import { createMasker, type Masker } from "./masker.ts";
import { evaluatePostIf } from "./post-if.ts";
import { createProblemMatchers, type ProblemMatchers, readMatchers } from "./problem-matchers.ts";
import type { GraceMs } from "./process.ts";
import { type RunningStep, type StepOptions, type StepResult, startStep } from "./step.ts";
import { onTrigger, type Trigger, withTimeout } from "./triggers.ts";
import { createWatchedLog, type WatchedLog } from "./watched-log.ts";

export type { Job } from "./job.ts";

export type { StepResult } from "./step.ts";

export type { Annotation } from "./step-log.ts";

export interface RunOptions extends Job {
  /** Cancels the job when its log matches, or when the promise settles. */
  readonly cancelWhen?: Trigger;
  /** Cancels the job when this settles. */
  readonly cancelAfterRequest?: Promise<unknown>;
  /** SIGKILL out of the blue (no memory left, say): for the runner a failure, not a cancellation. */
  readonly killWhen?: Trigger;
  /** The first signal of a cancellation: SIGINT. */
  readonly signal?: NodeJS.Signals;
  /** The runner waits 7500 and 2500 ms. */
  readonly graceMs?: GraceMs;
  /**
   * A container job: a cancellation reaches no process. The step ends at once and the post step runs, while main still
   * lives; it is killed after that.
   */
  readonly container?: boolean;
  /** False: the runner itself is shut down, which skips post steps. */
  readonly post?: boolean;
  /** The step's `timeout-minutes`, fractions allowed; the post step has as long, although it runs in a cancelled job too. */
  readonly timeoutMinutes?: number;
  /** The step's `continue-on-error`, which holds for its post step too. */
  readonly continueOnError?: boolean;
  /** Kills and throws, with the log, when main and post take longer: 25 s, so that it comes before vitest's own 30 s. */
  readonly timeoutMs?: number;
  readonly allowUnknown?: boolean;
  /** Each line of the log as it is written. */
  readonly onLine?: (line: string) => void;
  /** The folder of another action than this repository's. */
  readonly action?: string;
  /** Another file to run than action.yml's `main` and `post`. */
  readonly bundle?: string;
}

export interface ActionResult {
  readonly main: StepResult;
  /** Undefined when action.yml has none, or its `post-if` or the options say no. */
  readonly post: StepResult | undefined;
  readonly workspace: string;
}

/** An action under way, for stories of several moments. */
export interface RunningAction extends AsyncDisposable {
  readonly done: Promise<ActionResult>;
  readonly workspace: string;
  /** Main's log so far, then post's. */
  log(): string;
  /** The match, as soon as the log has one; rejects, with the log, if the action ends without. */
  waitFor(pattern: RegExp): Promise<string>;
  /** Cancels the job. */
  cancel(): void;
  /** SIGKILL to the step under way. */
  kill(): void;
}

const repository = join(import.meta.dirname, "..");

const defaultTimeoutMs = 25_000;

/** Runs an action as GitHub's runner would: main, then post whatever became of main. */
export function runAction(
  inputs: Readonly<Record<string, string>>,
  options: RunOptions = {},
): Promise<ActionResult> {
  return startAction(inputs, options).done;
}

export function startAction(
  inputs: Readonly<Record<string, string>>,
  options: RunOptions = {},
): RunningAction {
  const plan = createPlan(inputs, options);
  const log = createWatchedLog(options.onLine);
  const main = startStep(stepOptions(plan, log, { entry: plan.main, env: {} }));
  const progress: ActionProgress = { current: main, condition: "success()", abandoned: false };
  const cancel = (): void => {
    // A step whose condition holds in a cancelled job too is left in peace: a post step that always runs, for one.
    if (!evaluatePostIf(progress.condition, "cancelled")) progress.current.process.cancel();
  };
  const kill = (): void => progress.current.process.kill();
  const abandon = (): void => {
    progress.abandoned = true;
    kill();
  };
  onTrigger(options.cancelWhen, log, cancel);
  onTrigger(options.cancelAfterRequest, log, cancel);
  onTrigger(options.killWhen, log, kill);
  const steps = withTimeout(
    runRemainingSteps(plan, log, progress, main),
    options.timeoutMs ?? defaultTimeoutMs,
    {
      onTimeout: abandon,
      log: log.text,
    },
  );
  const done = steps.finally(() => log.close());
  // Whoever only waits for a moment may never look at the end.
  done.catch(() => {});
  return {
    done,
    workspace: plan.job.workspace,
    log: log.text,
    waitFor: log.waitFor,
    cancel,
    kill,
    [Symbol.asyncDispose]: async () => {
      abandon();
      await done.catch(() => {});
    },
  };
}

interface ActionProgress {
  current: RunningStep;
  /** Under which the step under way was begun. */
  condition: string;
  /** The test wants no more of it: no post step either. */
  abandoned: boolean;
}

/** What comes after main has been started. */
async function runRemainingSteps(
  plan: Plan,
  log: WatchedLog,
  progress: ActionProgress,
  main: RunningStep,
): Promise<ActionResult> {
  try {
    const mainResult = await main.done;
    const { post, job } = plan;
    if (post === undefined || progress.abandoned || !evaluatePostIf(plan.postIf, mainResult.conclusion)) {
      return { main: mainResult, post: undefined, workspace: job.workspace };
    }
    const paths = [...mainResult.paths].reverse();
    const env = {
      ...mainResult.env,
      ...(paths.length > 0 && { PATH: [...paths, job.env["PATH"]].join(delimiter) }),
      ...Object.fromEntries(
        Object.entries(mainResult.state).map(([name, value]) => [`STATE_${name}`, value]),
      ),
    };
    progress.condition = plan.postIf;
    progress.current = startStep(stepOptions(plan, log, { entry: post, env }));
    return { main: mainResult, post: await progress.current.done, workspace: job.workspace };
  } finally {
    await Promise.all([main.process.reap(), progress.current.process.reap()]);
  }
}

interface Plan {
  readonly main: string;
  readonly post: string | undefined;
  readonly postIf: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly job: PreparedJob;
  readonly masker: Masker;
  readonly matchers: ProblemMatchers;
  readonly warnings: readonly string[];
  readonly options: RunOptions;
}

function createPlan(given: Readonly<Record<string, string>>, options: RunOptions): Plan {
  if (!process.versions.node.startsWith("24.")) {
    throw new Error(`the runner has Node 24; these tests run on ${process.version}: use "npm test"`);
  }
  const action = readAction(options.action ?? repository);
  const job = setUpJob(options);
  const inputs = inputVariables(action, given, {
    allowUnknown: options.allowUnknown ?? false,
    lookupContext: job.context,
  });
  const matchers = createProblemMatchers();
  for (const file of options.matcherFiles ?? []) matchers.add(readMatchers(file));
  const hasPost = action.post !== undefined && options.post !== false;
  return {
    main: options.bundle ?? action.main,
    post: hasPost ? (options.bundle ?? action.post) : undefined,
    postIf: action.postIf,
    inputs,
    job,
    matchers,
    warnings: [unexpectedInputsWarning(action, given)].filter((warning) => warning !== undefined),
    masker: createMasker([options.token ?? defaultToken, ...(options.secrets ?? [])]),
    options,
  };
}

function stepOptions(
  plan: Plan,
  log: WatchedLog,
  { entry, env }: Pick<StepOptions, "entry" | "env">,
): StepOptions {
  const { signal, graceMs, container, timeoutMinutes, continueOnError = false } = plan.options;
  return {
    entry,
    env: { ...env, ...plan.inputs },
    job: plan.job,
    masker: plan.masker,
    matchers: plan.matchers,
    warnings: plan.warnings,
    timeoutMinutes,
    continueOnError,
    process: { signal, graceMs, container },
    onLine: log.add,
    onOutput: log.notify,
  };
}
