import { type ActionResult, startAction } from "../../runner-emulator/runner.ts";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import {
  type PipelineSpec,
  type SeenRequest,
  type Simulator,
  startSimulator,
} from "../../simulator/index.ts";
import { acceleratedNow } from "./accelerated-now.ts";
import type { Case } from "./cases.ts";
import { type TargetName, targets, toSimulatorFault } from "./injections.ts";
import { runnerFaultOf } from "./runner-faults.ts";
import { foreignPipeline, pipelines, scenarioOf, secretVariable } from "./scenarios.ts";

const token = "patPATpat4711patPATpat4711patPATpat4711patPATpat47";

/** The result of a case. */
export interface CaseRun {
  readonly result: ActionResult | undefined;
  /** Why there is no result: the process did not end in time. */
  readonly timeoutError: string | undefined;
  /** The runs that this step may have started, or follows. */
  readonly runs: Simulator["runs"];
  /** A run of somebody else, which must not be changed. */
  readonly otherRun: Simulator["runs"][number] | undefined;
  readonly requests: readonly SeenRequest[];
  /** The times of the step's requests and log lines, from its start to its end. Milliseconds. */
  readonly activityTimes: readonly number[];
}

interface CaseOptions {
  readonly bundle?: string | undefined;
  /** The real-time limit for main and post. Milliseconds. */
  readonly timeoutMs: number;
  /** In addition to the campaign's. */
  readonly pipelines?: readonly PipelineSpec[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Simulated seconds per second of the process's clock, which is the simulator's too. */
export const simulatorSpeed = 2;

const acceleratedClock = import.meta.resolve("./accelerated-clock.ts");

/** Runs one case, with a simulator and the shipped bundle in processes of their own. */
export async function runCase(testCase: Case, options: CaseOptions): Promise<CaseRun> {
  const { bundle, timeoutMs, env } = options;
  const scenario = scenarioOf(testCase.scenario);
  const activityTimes = [Date.now()];
  const epoch = Date.now();
  let interrupt: (request: SeenRequest) => void = () => {};
  await using azure = await startSimulator({
    pipelines: [...pipelines, ...(options.pipelines ?? [])],
    speed: simulatorSpeed,
    now: () => acceleratedNow(Date.now(), { epoch, factor: testCase.clockSpeed }),
    accepts: (credential) => (credential.kind === "pat" && credential.value === token ? "yes" : "no"),
    quirks: { listLag: testCase.listLag },
    onRequest: (request) => {
      activityTimes.push(Date.now());
      interrupt(request);
    },
  });
  const otherRunId = azure.trigger(foreignPipeline) ?? 0;
  const externalRunId =
    scenario.isExternal === true ? await startExternalRun(azure, scenario.pipeline) : undefined;
  for (const injection of testCase.injections) azure.order(toSimulatorFault(injection));
  const runnerFault = testCase.runnerFault && runnerFaultOf(testCase.runnerFault);
  const context = { folder: temporaryFolder(), otherRunId };
  const job = runnerFault?.job(context);
  const action = startAction(inputsOf(testCase, azure, externalRunId), {
    timeoutMs: timeoutMs,
    secrets: [],
    ...job,
    env: {
      NODE_OPTIONS: `--import=${acceleratedClock}`,
      CLOCK_SPEED: String(testCase.clockSpeed),
      CLOCK_EPOCH: String(epoch),
      ...env,
      ...job?.env,
    },
    onLine: () => activityTimes.push(Date.now()),
    ...(testCase.interruption?.kind === "cancel by SIGTERM" && { signal: "SIGTERM" as const }),
    ...(testCase.interruption?.kind === "cancel in a container" && { container: true }),
    ...(bundle !== undefined && { bundle }),
  });
  if (testCase.interruption !== undefined) {
    const { kind, afterRequest, nth, delayMs } = testCase.interruption;
    const end = kind === "kill" ? action.kill : action.cancel;
    interrupt = onNthRequest(afterRequest, nth, () => setTimeout(end, delayMs));
  }
  if (runnerFault?.inject !== undefined) {
    interrupt = onNthRequest("the start", 1, () => runnerFault.inject?.(context, action));
  }
  const { result, timeoutError } = await action.done.then(
    (actionResult) => ({ result: actionResult, timeoutError: undefined }),
    (error: unknown) => ({ result: undefined, timeoutError: String(error) }),
  );
  activityTimes.push(Date.now());
  const seen = azure.requests.filter(({ headers }) => headers["user-agent"] !== harnessUserAgent);
  return {
    result,
    timeoutError,
    runs: azure.runs.filter(({ id }) => id !== otherRunId),
    otherRun: azure.runs.find(({ id }) => id === otherRunId),
    requests: seen,
    activityTimes,
  };
}

const harnessUserAgent = "fault-campaign";

function inputsOf(
  testCase: Case,
  azure: Simulator,
  externalRunId: number | undefined,
): Record<string, string> {
  const { pipeline, inputs } = scenarioOf(testCase.scenario);
  const common = { organization: azure.organization, project: azure.project, token, "poll-interval": "1s" };
  if (externalRunId !== undefined) return { ...common, ...inputs, "run-id": String(externalRunId) };
  return { ...common, ...inputs, "pipeline-id": String(pipeline), ref: "main" };
}

/** A run that somebody else started. */
async function startExternalRun(azure: Simulator, pipeline: number): Promise<number> {
  const response = await fetch(
    `${azure.organization}/${azure.project}/_apis/pipelines/${pipeline}/runs?api-version=7.1`,
    {
      method: "POST",
      body: "{}",
      headers: {
        "content-type": "application/json",
        "user-agent": harnessUserAgent,
        authorization: `Basic ${Buffer.from(`:${token}`).toString("base64")}`,
      },
    },
  );
  const { id } = (await response.json()) as { id: number };
  return id;
}

/** Acts when the nth request of that kind arrives. */
function onNthRequest(target: TargetName, nth: number, act: () => void) {
  let count = 0;
  return (request: SeenRequest): void => {
    if (!isRequestTo(target, request)) return;
    count += 1;
    if (count === nth) act();
  };
}

export function requestsTo(target: TargetName, requests: readonly SeenRequest[]): readonly SeenRequest[] {
  return requests.filter((request) => isRequestTo(target, request));
}

function isRequestTo(name: TargetName, request: SeenRequest): boolean {
  const { path, ...target } = targets[name];
  const { pathname } = new URL(request.path, "http://azure");
  return (!("method" in target) || target.method === request.method) && path.test(pathname);
}

export const secrets = [token, Buffer.from(`:${token}`).toString("base64"), secretVariable];
