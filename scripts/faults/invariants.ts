import type { StepResult } from "../../runner-emulator/runner.ts";
import type { Case } from "./cases.ts";
import { doubted } from "./expectations.ts";
import { faultTypeOf, type Injection } from "./injections.ts";
import { type CaseRun, secrets } from "./run-case.ts";
import { closedLog, isHindered, runnerFaultOf } from "./runner-faults.ts";
import { scenarioOf } from "./scenarios.ts";

/** The longest silence of a step during an outage: a request's time limit and the longest backoff. Milliseconds. */
const maxSilenceMs = 62_000;

/** Tolerance for a loaded machine. */
const toleranceMs = 5_000;

/** A case that has ended, with the data to check its invariants. */
interface FinishedCase {
  readonly testCase: Case;
  readonly caseRun: CaseRun;
  readonly main: StepResult;
  readonly post: StepResult | undefined;
}

/** A violated invariant, with the details. */
export interface Violation {
  readonly invariant: string;
  readonly message: string;
}

const exitInvariant = "the process ends, and the post step succeeds";

/** Each check returns its violations. */
const invariants: Readonly<Record<string, (finished: FinishedCase) => readonly string[]>> = {
  "at most one run is started, and exactly one if the step succeeds": startsOneRun,
  "the step succeeds only if the run satisfied `success-when`": succeedsOnlyWithRun,
  "`run-id` is set if there is a run": reportsRunId,
  "an interrupted step leaves no run running, or names the run if clocks disagree": leavesNoRun,
  "no other run is cancelled": cancelsNothingElse,
  "after a fault of the runner the step fails within 10 seconds, and its run is cancelled or its URL is shown":
    survivesRunnerFault,
  "a failed step shows one error, and `canceled` if it was cancelled; a successful one has no `error-code`; no stack trace is shown":
    reportsErrorOnce,
  "the log is never silent for longer than the time limits": reportsActivity,
  "no secret is written": masksSecrets,
  [exitInvariant]: postStepSucceeds,
};

export const invariantNames: readonly string[] = Object.keys(invariants);

export function findViolations(testCase: Case, caseRun: CaseRun): readonly Violation[] {
  const { result, timeoutError } = caseRun;
  if (result === undefined)
    return [{ invariant: exitInvariant, message: `the process did not end: ${timeoutError}` }];
  const finished = { testCase, caseRun, ...result };
  return Object.entries(invariants).flatMap(([invariant, check]) =>
    check(finished).map((message) => ({ invariant, message })),
  );
}

/** If the main step ended before the kill, the post step was killed. */
function postStepSucceeds({ post }: FinishedCase): string[] {
  if (post === undefined || post.exitCode === 0 || post.signal === "SIGKILL") return [];
  return [`the post step ended with ${post.exitCode ?? post.signal}`];
}

function startsOneRun({ caseRun: { runs }, main }: FinishedCase): string[] {
  if (runs.length > 1) return [`${runs.length} runs were started`];
  if (main.exitCode === 0 && runs.length === 0) return ["succeeded, and no run was started"];
  return [];
}

function succeedsOnlyWithRun({ testCase, caseRun: { runs }, main }: FinishedCase): string[] {
  if (main.exitCode !== 0) return [];
  const { successResults } = scenarioOf(testCase.scenario);
  const result = runs[0]?.result ?? "none";
  return successResults === "any" || successResults.includes(result)
    ? []
    : [`succeeded on a run whose result is ${result}`];
}

/** A step that ends normally names its run, unless it reports that the run is unknown. */
function reportsRunId({
  testCase,
  caseRun: { runs },
  main: { exitCode, outputs, log },
}: FinishedCase): string[] {
  const [run] = runs;
  const errorCode = outputs["error-code"];
  const isStartUnknown = errorCode === "start-unknown" || /not known yet whether a run was started/.test(log);
  const isAbandoned = testCase.interruption?.kind === "cancel in a container";
  const mayLackOutputs = isHindered(testCase.runnerFault);
  if (run === undefined || exitCode === null || isStartUnknown || isAbandoned || mayLackOutputs) return [];
  if (outputs["run-id"] === String(run.id)) return [];
  return [`run ${run.id} exists, and run-id is ${JSON.stringify(outputs["run-id"])} (${errorCode})`];
}

/** After a step that was interrupted, none of its runs is running, unless the service refused the requests. */
function leavesNoRun({ testCase, caseRun: { runs }, main, post }: FinishedCase): string[] {
  // It may have ended before.
  const isInterrupted = main.exitCode === null || main.result === "cancelled";
  if (!isInterrupted || testCase.injections.some(isPermanent)) return [];
  // If the clocks disagree, the run may belong to somebody else, so it is only named.
  const mayBeNamed = testCase.injections.some(({ faultType }) => faultTypeOf(faultType).expected === doubted);
  const named = mayBeNamed ? main.raw + (post?.raw ?? "") : "";
  return runs
    .filter((run) => isGoingOn(run) && !named.includes(`buildId=${run.id}`))
    .map(({ id }) => `run ${id} is still running after the step was interrupted`);
}

function isGoingOn({ status, cancelledAt }: CaseRun["runs"][number]): boolean {
  return status !== "completed" && cancelledAt === undefined;
}

/** A step that ends normally cancels nothing, unless its inputs request it. */
function cancelsNothingElse({ testCase, caseRun: { requests, otherRun } }: FinishedCase): string[] {
  if (otherRun?.cancelledAt !== undefined) return ["somebody else's run was cancelled"];
  const mayCancel = scenarioOf(testCase.scenario).mayCancel === true || isHindered(testCase.runnerFault);
  if (testCase.interruption !== undefined || mayCancel) return [];
  return requests.some(({ method }) => method === "PATCH")
    ? ["a run was cancelled that no input asked to cancel"]
    : [];
}

/** The time from the fault to the end of the process: the cancellation is limited to six seconds. */
const maxHinderedMs = 10_000;

function survivesRunnerFault({
  testCase,
  caseRun: { runs, activityTimes, requests },
  main,
  post,
}: FinishedCase): string[] {
  const effect = testCase.runnerFault && runnerFaultOf(testCase.runnerFault).effect;
  if (effect === undefined || effect === "none") return [];
  const text = main.raw + (post?.raw ?? "");
  const startedAt = requests.find(({ method }) => method === "POST")?.at ?? Infinity;
  const elapsedMs = (activityTimes.at(-1) ?? 0) - startedAt;
  // A search for a lost start comes first, and takes additional time.
  const isTimed = effect === "cancelled" && testCase.injections.every(({ target }) => target !== "the start");
  return [
    ...(main.exitCode === 1 ? [] : [`ended with ${main.exitCode}`]),
    ...(effect === "not started" && runs.length > 0 ? ["a run was started"] : []),
    ...(elapsedMs > maxHinderedMs && isTimed ? [`ended after ${elapsedMs} ms`] : []),
    ...runs
      .filter((run) => isGoingOn(run) && !text.includes(`buildId=${run.id}`))
      .map(({ id }) => `run ${id} goes on, and nothing says where`),
  ];
}

function reportsErrorOnce({ testCase, main, post }: FinishedCase): string[] {
  const steps = post === undefined ? [main] : [main, post];
  const hasStackTrace = steps.some(({ raw }) => /^Node\.js v\d|^\s+at .*:\d+:\d+\)?$/m.test(raw));
  return [...errorViolations(testCase, main), ...(hasStackTrace ? ["a stack trace was shown"] : [])];
}

/** A step that was killed, or kept running in its container, may have had no time for an error. */
function errorViolations(testCase: Case, main: StepResult): string[] {
  const { exitCode, outputs, result } = main;
  const errors = errorsOf(testCase, main);
  const code = outputs["error-code"];
  const mayLackError = exitCode === null && errors.length === 0;
  if (exitCode === 0) return code === undefined ? [] : [`succeeded, with error-code ${code}`];
  if (errors.length !== 1 && !mayLackError)
    return [`failed with ${errors.length} errors: ${errors.join(" / ")}`];
  // A permanent refusal may have ended the step just before the signal.
  const isCancelled = exitCode !== null && result === "cancelled" && !testCase.injections.some(isPermanent);
  return isCancelled && code !== "canceled" ? [`cancelled, with error-code ${code}`] : [];
}

/** If the log is closed, errors go to stderr. */
function errorsOf({ runnerFault }: Case, { annotations, raw }: StepResult): readonly string[] {
  if (runnerFault === closedLog)
    return raw.split("\n").filter((line) => line.includes("could not be written"));
  return annotations
    .filter(({ level, message }) => level === "error" && message !== runnerCancelMessage)
    .map(({ message }) => message);
}

const runnerCancelMessage = "The operation was canceled.";

function reportsActivity({ testCase: { clockSpeed }, caseRun: { activityTimes } }: FinishedCase): string[] {
  const gaps = activityTimes.slice(1).map((at, index) => at - (activityTimes[index] ?? at));
  const longest = Math.max(...gaps);
  return longest <= maxSilenceMs / clockSpeed + toleranceMs
    ? []
    : [`silent for ${Math.round(longest / 1_000)} s`];
}

function masksSecrets({ main, post }: FinishedCase): string[] {
  const texts = (post === undefined ? [main] : [main, post]).flatMap(({ raw, written, annotations }) => [
    ...raw.split("\n").filter((line) => !line.startsWith("::add-mask::")),
    ...Object.values(written),
    JSON.stringify(annotations),
  ]);
  const output = texts.join("\n");
  return secrets.filter((secret) => output.includes(secret)).map((secret) => `"${secret}" was written down`);
}

function isPermanent({ faultType }: Injection): boolean {
  return faultTypeOf(faultType).effect === "permanent";
}
