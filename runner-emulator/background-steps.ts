import { setTimeout as delay } from "node:timers/promises";
import type { GraceMs } from "./process.ts";
import type { Conclusion, RunningStep, StepResult } from "./step.ts";

/** The background steps of a job. */
export interface BackgroundSteps {
  add(id: string, step: RunningStep): void;
  /** Waits until the steps have ended. `failure` if one of them failed. */
  wait(ids: readonly string[]): Promise<Conclusion>;
  /** Those that no other step has waited for. */
  waitForAll(): Promise<Conclusion>;
  /** A `cancel:` step: it stops waiting when the first grace period is over, and the processes may go on. */
  cancel(ids: readonly string[], graceMs: GraceMs): Promise<void>;
  /** The job is cancelled. */
  cancelAll(): void;
  /** `failure` if any step failed, also one that failed before a `cancel:` step reached it. */
  conclusion(): Conclusion;
}

/** `onVisible`: the outputs and variables of a step become visible to later steps. */
export function createBackgroundSteps(onVisible: (id: string, result: StepResult) => void): BackgroundSteps {
  const steps = new Map<string, RunningStep>();
  const results = new Map<string, StepResult>();
  const completed = new Set<string>();

  const find = (id: string): RunningStep => {
    const step = steps.get(id);
    if (step === undefined) throw new Error(`the job has no background step "${id}"`);
    return step;
  };

  const conclusionOf = (ids: Iterable<string>): Conclusion =>
    [...ids].some((id) => results.get(id)?.conclusion === "failure") ? "failure" : "success";

  const complete = (ids: readonly string[]): void => {
    for (const id of ids) {
      completed.add(id);
      const result = results.get(id);
      if (result !== undefined) onVisible(id, result);
    }
  };

  const wait = async (ids: readonly string[]): Promise<Conclusion> => {
    await Promise.all(ids.map((id) => find(id).done));
    complete(ids);
    return conclusionOf(ids);
  };

  return {
    wait,
    waitForAll: () => wait([...steps.keys()].filter((id) => !completed.has(id))),
    add: (id, step) => {
      steps.set(id, step);
      step.done.then(
        (result) => results.set(id, result),
        () => {},
      );
    },
    cancel: async (ids, graceMs) => {
      const cancelled = ids.map(find);
      for (const step of cancelled) step.process.cancel();
      const controller = new AbortController();
      const gracePeriod = delay(graceMs.interrupt, undefined, { signal: controller.signal }).catch(() => {});
      await Promise.race([Promise.all(cancelled.map(({ done }) => done)), gracePeriod]);
      controller.abort();
      complete(ids);
    },
    cancelAll: () => {
      for (const step of steps.values()) step.process.cancel();
    },
    conclusion: () => conclusionOf(steps.keys()),
  };
}
