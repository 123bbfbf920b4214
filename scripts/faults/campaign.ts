import { type Case, casesFor } from "./cases.ts";
import { findViolations, type Violation } from "./invariants.ts";
import { type CaseRun, runCase } from "./run-case.ts";

/** A case, its result, and the invariants that it violated. */
export interface Outcome {
  readonly testCase: Case;
  readonly caseRun: CaseRun;
  readonly violations: readonly Violation[];
}

interface CampaignOptions {
  readonly seed: number;
  readonly runs: number;
  /** The cases to run, by number; blank for all. */
  readonly only?: readonly number[];
  readonly bundle?: string | undefined;
  /** The number of parallel cases, which mostly wait. */
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly onOutcome?: (outcome: Outcome) => void;
}

export async function runCampaign({
  seed,
  runs,
  only,
  bundle,
  concurrency,
  timeoutMs,
  onOutcome,
}: CampaignOptions): Promise<readonly Outcome[]> {
  const queue = casesFor(seed, runs).filter(({ number }) => only === undefined || only.includes(number));
  const outcomes: Outcome[] = [];
  const worker = async (): Promise<void> => {
    for (let testCase = queue.shift(); testCase !== undefined; testCase = queue.shift()) {
      const caseRun = await runCase(testCase, { bundle, timeoutMs });
      const outcome = { testCase, caseRun, violations: findViolations(testCase, caseRun) };
      outcomes.push(outcome);
      onOutcome?.(outcome);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return outcomes.toSorted((a, b) => a.testCase.number - b.testCase.number);
}
