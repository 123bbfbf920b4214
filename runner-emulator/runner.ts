import { defaultStep, type Job } from "./job.ts";
import {
  type ActionUseOptions,
  createJobContext,
  environmentAfter,
  type Inputs,
  type JobContext,
  type PreparedAction,
  type ProcessSettings,
  prepareAction,
  stateVariables,
} from "./prepared-action.ts";
import { evaluateStatusCondition } from "./status-condition.ts";
import type { RunningStep, StepResult } from "./step.ts";
import { type SupervisedSteps, superviseSteps } from "./supervised-steps.ts";
import { onTrigger, type Trigger } from "./triggers.ts";
import { createWatchedLog } from "./watched-log.ts";

export type { Job } from "./job.ts";

export type { StepResult } from "./step.ts";

export type { Annotation } from "./step-log.ts";

export interface RunOptions extends Job, ProcessSettings, ActionUseOptions {
  /** Cancels the job when its log matches, or when the promise settles. */
  readonly cancelWhen?: Trigger;
  /** Cancels the job when this settles. */
  readonly cancelAfterRequest?: Promise<unknown>;
  /** Sends SIGKILL to the step: for the runner a failure, not a cancellation. */
  readonly killWhen?: Trigger;
  /** False: the runner itself is shut down, which skips post steps. */
  readonly post?: boolean;
  /** Kills and throws, with the log, when main and post take longer: 50 s, less than vitest's 60 s. */
  readonly timeoutMs?: number;
  /** Each line of the log as it is written. */
  readonly onLine?: (line: string) => void;
}

export interface ActionResult {
  readonly main: StepResult;
  /** Undefined when action.yml has none, or its `post-if` or an option excludes it. */
  readonly post: StepResult | undefined;
  readonly workspace: string;
}

/** An action in progress. Its log is main's, then post's. */
export interface RunningAction extends SupervisedSteps<ActionResult> {
  readonly workspace: string;
  /** Cancels the job. */
  cancel(): void;
  /** Sends SIGKILL to the running step. */
  kill(): void;
  /** Closes the stdout of the running step: from then on its log can't be written. */
  closeLog(): void;
}

/** Runs an action as GitHub's runner would: main, then post whatever the result of main. */
export function runAction(inputs: Inputs, options: RunOptions = {}): Promise<ActionResult> {
  return startAction(inputs, options).done;
}

export function startAction(inputs: Inputs, options: RunOptions = {}): RunningAction {
  const log = createWatchedLog(options.onLine);
  const context = createJobContext(options, log);
  const action = prepareAction(context, { id: options.step ?? defaultStep, inputs, options });
  const main = action.startMain({});
  const progress: ActionProgress = {
    current: main,
    condition: "success()",
    skipsPost: options.post === false,
  };
  const cancel = (): void => {
    // A step whose condition also holds in a cancelled job gets no signal: a post step, as a rule.
    if (!evaluateStatusCondition(progress.condition, "cancelled")) progress.current.process.cancel();
  };
  const kill = (): void => progress.current.process.kill();
  const abandon = (): void => {
    progress.skipsPost = true;
    kill();
  };
  onTrigger(options.cancelWhen, log, cancel);
  onTrigger(options.cancelAfterRequest, log, cancel);
  onTrigger(options.killWhen, log, kill);
  const steps = runRemainingSteps(action, context, progress, main);
  return {
    ...superviseSteps(steps, log, { timeoutMs: options.timeoutMs, abandon }),
    workspace: context.job.workspace,
    cancel,
    kill,
    closeLog: () => progress.current.process.closeLog(),
  };
}

interface ActionProgress {
  current: RunningStep;
  /** Of the running step. */
  condition: string;
  skipsPost: boolean;
}

/** What follows the start of main. */
async function runRemainingSteps(
  { post }: PreparedAction,
  { job }: JobContext,
  progress: ActionProgress,
  main: RunningStep,
): Promise<ActionResult> {
  try {
    const mainResult = await main.done;
    if (
      post === undefined ||
      progress.skipsPost ||
      !evaluateStatusCondition(post.condition, mainResult.conclusion)
    ) {
      return { main: mainResult, post: undefined, workspace: job.workspace };
    }
    progress.condition = post.condition;
    progress.current = post.start({
      ...environmentAfter([mainResult], job),
      ...stateVariables(mainResult.state),
    });
    return { main: mainResult, post: await progress.current.done, workspace: job.workspace };
  } finally {
    await Promise.all([main.process.reap(), progress.current.process.reap()]);
  }
}
