import { createBackgroundSteps } from "./background-steps.ts";
import type { Job } from "./job.ts";
import {
  type ActionUseOptions,
  type CompositeAction,
  createJobContext,
  environmentAfter,
  type Inputs,
  type JobContext,
  type PreparedAction,
  type ProcessSettings,
  prepareAction,
  stateVariables,
} from "./prepared-action.ts";
import { runnerGraceMs } from "./process.ts";
import { evaluateStatusCondition } from "./status-condition.ts";
import type { Conclusion, RunningStep, StepResult } from "./step.ts";
import { noAnnotations } from "./step-log.ts";
import { type SupervisedSteps, superviseSteps } from "./supervised-steps.ts";
import { onTrigger, type Trigger } from "./triggers.ts";
import { createWatchedLog } from "./watched-log.ts";

/** The outputs of the steps that later steps can read, by step id. */
export type StepOutputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** A step with `uses:`. */
export interface ActionUse extends ActionUseOptions {
  readonly id: string;
  readonly with: Inputs | ((steps: StepOutputs) => Inputs);
  /** A status function; `success()` without one. */
  readonly if?: string;
  readonly background?: boolean;
}

/** A step of a job. `run` is a function of the test in place of a script. */
export type JobStep =
  | ActionUse
  | { readonly run: (steps: StepOutputs) => unknown; readonly if?: string }
  | { readonly parallel: readonly ActionUse[] }
  | { readonly wait: string | readonly string[] }
  | { readonly "wait-all": true }
  | { readonly cancel: string | readonly string[] }
  /** A composite action: its steps run in the foreground, and `github.action` is the outer step's id for all of them. */
  | { readonly id: string; readonly composite: readonly ActionUse[]; readonly if?: string };

export interface JobOptions extends Job, ProcessSettings {
  /** Cancels the job when the log of its steps matches, or when the promise settles. */
  readonly cancelWhen?: Trigger;
  readonly timeoutMs?: number;
  readonly onLine?: (line: string) => void;
}

export interface JobResult {
  readonly conclusion: Conclusion;
  /** Main steps by id, embedded ones as `outer/inner`. A skipped step is missing. */
  readonly steps: Readonly<Record<string, StepResult>>;
  readonly posts: Readonly<Record<string, StepResult>>;
  readonly workspace: string;
}

/** A job in progress. Its log has the lines of all steps, in the order in which they are written. */
export interface RunningJob extends SupervisedSteps<JobResult> {
  cancel(): void;
}

/** Runs the steps of a job as GitHub's runner would, then their post steps in reverse order. */
export function runJob(steps: readonly JobStep[], options: JobOptions = {}): Promise<JobResult> {
  return startJob(steps, options).done;
}

export function startJob(steps: readonly JobStep[], options: JobOptions = {}): RunningJob {
  const log = createWatchedLog(options.onLine);
  const job = createJobRun(createJobContext(options, log));
  onTrigger(options.cancelWhen, log, job.cancel);
  const supervised = superviseSteps(job.run(steps), log, {
    timeoutMs: options.timeoutMs,
    abandon: job.abandon,
  });
  return { ...supervised, cancel: job.cancel };
}

interface PostStep {
  readonly id: string;
  readonly post: NonNullable<PreparedAction["post"]>;
  /** Empty until the main process has ended. */
  readonly state: () => StepResult["state"];
}

const keyOf = ({ id }: ActionUse, composite?: CompositeAction): string =>
  composite === undefined ? id : `${composite.id}/${id}`;

function createJobRun(context: JobContext) {
  let status: Conclusion = "success";
  let isAbandoned = false;
  let current: { readonly step: RunningStep; readonly condition: string } | undefined;
  const started: RunningStep[] = [];
  const results: Record<string, StepResult> = {};
  const posts: PostStep[] = [];
  const postResults: Record<string, StepResult> = {};
  /** What later steps see: those that have ended in the foreground, or that were waited for. */
  const visible = new Map<string, StepResult>();
  const background = createBackgroundSteps((id, result) => {
    visible.set(id, result);
  });

  const applyConclusion = (conclusion: Conclusion): void => {
    if (conclusion === "failure" && status === "success") status = "failure";
  };

  const visibleOutputs = (): StepOutputs =>
    Object.fromEntries([...visible].map(([id, { outputs }]) => [id, outputs]));

  const environment = (): Record<string, string> => environmentAfter([...visible.values()], context.job);

  const startMain = (use: ActionUse, composite?: CompositeAction): RunningStep => {
    const key = keyOf(use, composite);
    const inputs = typeof use.with === "function" ? use.with(visibleOutputs()) : use.with;
    const action = prepareAction(context, { id: use.id, inputs, options: use, composite });
    const main = action.startMain(environment());
    started.push(main);
    main.done.then(
      (result) => {
        results[key] = result;
      },
      () => {},
    );
    const { post } = action;
    if (post !== undefined) posts.push({ id: key, post, state: () => results[key]?.state ?? {} });
    return main;
  };

  const runInForeground = async (use: ActionUse, composite?: CompositeAction): Promise<void> => {
    const step = startMain(use, composite);
    current = { step, condition: use.if ?? "success()" };
    const result = await step.done;
    current = undefined;
    visible.set(keyOf(use, composite), result);
    applyConclusion(result.conclusion);
  };

  const runComposite = async (id: string, uses: readonly ActionUse[]): Promise<void> => {
    const composite = { id, annotationCounts: noAnnotations() };
    for (const use of uses) {
      if (!evaluateStatusCondition(use.if ?? "success()", status)) continue;
      await runInForeground(use, composite);
    }
  };

  const runStep = async (step: JobStep): Promise<void> => {
    // Steps that control background steps run whatever the job's status.
    if ("wait" in step) applyConclusion(await background.wait([step.wait].flat()));
    else if ("wait-all" in step) applyConclusion(await background.waitForAll());
    else if ("cancel" in step) {
      await background.cancel([step.cancel].flat(), context.processes.graceMs ?? runnerGraceMs);
    } else if ("parallel" in step) {
      for (const use of step.parallel) await runStep({ ...use, background: true });
      await runStep({ wait: step.parallel.map(({ id }) => id) });
    } else if (!evaluateStatusCondition(step.if ?? "success()", status)) return;
    else if ("run" in step) await step.run(visibleOutputs());
    else if ("composite" in step) await runComposite(step.id, step.composite);
    else if (step.background) background.add(step.id, startMain(step));
    else await runInForeground(step);
  };

  const runPostStep = async ({ id, post, state }: PostStep): Promise<void> => {
    if (isAbandoned || !evaluateStatusCondition(post.condition, status)) return;
    const step = post.start({ ...environment(), ...stateVariables(state()) });
    started.push(step);
    current = { step, condition: post.condition };
    const result = await step.done;
    current = undefined;
    postResults[id] = result;
    applyConclusion(result.conclusion);
  };

  return {
    run: async (steps: readonly JobStep[]): Promise<JobResult> => {
      try {
        for (const step of steps) if (!isAbandoned) await runStep(step);
        // The step "Wait for all background steps", which the runner adds.
        await background.waitForAll();
        applyConclusion(background.conclusion());
        for (const post of posts.toReversed()) await runPostStep(post);
      } finally {
        // "Complete job" ends every process that is left.
        await Promise.all(started.map((step) => step.process.reap()));
        await Promise.all(started.map((step) => step.done));
      }
      return {
        conclusion: status,
        steps: results,
        posts: postResults,
        workspace: context.job.workspace,
      };
    },
    cancel: (): void => {
      status = "cancelled";
      // Background steps are signalled whatever their conditions.
      background.cancelAll();
      if (current !== undefined && !evaluateStatusCondition(current.condition, "cancelled")) {
        current.step.process.cancel();
      }
    },
    abandon: (): void => {
      isAbandoned = true;
      for (const step of started) step.process.kill();
    },
  };
}
