import { type ActionResult, type RunningAction, startAction } from "../../runner-emulator/runner.ts";
import { type SeenRequest, type Simulator, startSimulator } from "../../simulator/index.ts";
import type { Case, Interruption } from "./cases.ts";
import { targets, toSimulatorFault } from "./injections.ts";
import { pipelines, scenarioOf, secretVariable } from "./scenarios.ts";

const token = "patPATpat4711patPATpat4711patPATpat4711patPATpat47";

/** What a case came to. */
export interface CaseRun {
  readonly result: ActionResult | undefined;
  /** Why there is no result: the process did not end in time. */
  readonly timeoutError: string | undefined;
  readonly runs: Simulator["runs"];
  readonly requests: readonly SeenRequest[];
  /** When something was last heard of the step, from its start to its end. Milliseconds. */
  readonly activityTimes: readonly number[];
}

interface CaseOptions {
  readonly bundle?: string | undefined;
  /** Of real time, for main and post. Milliseconds. */
  readonly timeoutMs: number;
}

/** Simulated seconds per second of the process's clock. */
const simulatorSpeed = 2;

const acceleratedClock = import.meta.resolve("./accelerated-clock.ts");

/** Plays one case: a simulator of its own, the shipped bundle in a process of its own. */
export async function runCase(testCase: Case, { bundle, timeoutMs }: CaseOptions): Promise<CaseRun> {
  const scenario = scenarioOf(testCase.scenario);
  const activityTimes = [Date.now()];
  let interrupt: (request: SeenRequest) => void = () => {};
  await using azure = await startSimulator({
    pipelines,
    speed: simulatorSpeed * testCase.clockSpeed,
    accepts: (credential) => (credential.kind === "pat" && credential.value === token ? "yes" : "no"),
    quirks: { listLag: testCase.listLag },
    onRequest: (request) => {
      activityTimes.push(Date.now());
      interrupt(request);
    },
  });
  const externalRunId =
    scenario.isExternal === true ? await startExternalRun(azure, scenario.pipeline) : undefined;
  for (const injection of testCase.injections) azure.order(toSimulatorFault(injection));
  const action = startAction(inputsOf(testCase, azure, externalRunId), {
    timeoutMs: timeoutMs,
    secrets: [],
    env: { NODE_OPTIONS: `--import=${acceleratedClock}`, CLOCK_SPEED: String(testCase.clockSpeed) },
    onLine: () => activityTimes.push(Date.now()),
    ...(testCase.interruption?.kind === "cancel by SIGTERM" && { signal: "SIGTERM" as const }),
    ...(testCase.interruption?.kind === "cancel in a container" && { container: true }),
    ...(bundle !== undefined && { bundle }),
  });
  if (testCase.interruption !== undefined) interrupt = createInterrupter(testCase.interruption, action);
  const { result, timeoutError } = await action.done.then(
    (actionResult) => ({ result: actionResult, timeoutError: undefined }),
    (error: unknown) => ({ result: undefined, timeoutError: String(error) }),
  );
  activityTimes.push(Date.now());
  const seen = azure.requests.filter(({ headers }) => headers["user-agent"] !== harnessUserAgent);
  return { result, timeoutError, runs: [...azure.runs], requests: seen, activityTimes };
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

/** Cuts the step off so long after a request of that kind came in. */
function createInterrupter({ kind, afterRequest, nth, delayMs }: Interruption, action: RunningAction) {
  const { path, ...target } = targets[afterRequest];
  const interrupt = kind === "kill" ? action.kill : action.cancel;
  let count = 0;
  return (request: SeenRequest): void => {
    const { pathname } = new URL(request.path, "http://azure");
    if (("method" in target && target.method !== request.method) || !path.test(pathname)) return;
    count += 1;
    if (count === nth) setTimeout(interrupt, delayMs);
  };
}

export const secrets = [token, Buffer.from(`:${token}`).toString("base64"), secretVariable];
