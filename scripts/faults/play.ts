import { type Result, type RunningAction, startAction } from "../../__tests__/support/runner.ts";
import { type SeenRequest, type Simulator, startSimulator } from "../../simulator/index.ts";
import type { Case, Interruption } from "./cases.ts";
import { pipelines, scenarioOf, secretVariable } from "./scenarios.ts";
import { faultOf, targets } from "./troubles.ts";

const token = "patPATpat4711patPATpat4711patPATpat4711patPATpat47";

/** What a case came to. */
export interface Played {
  readonly result: Result | undefined;
  /** Why there is no result: the process did not end in time. */
  readonly overdue: string | undefined;
  readonly runs: Simulator["runs"];
  readonly requests: readonly SeenRequest[];
  /** When something was last heard of the step, from its start to its end. Milliseconds. */
  readonly signs: readonly number[];
}

interface PlayOptions {
  readonly bundle?: string | undefined;
  /** Of real time, for main and post. Milliseconds. */
  readonly limitMs: number;
}

/** Simulated seconds per second of the process's clock. */
const pace = 2;
const swiftClock = import.meta.resolve("./swift-clock.ts");

/** Plays one case: a simulator of its own, the shipped bundle in a process of its own. */
export async function playCase(one: Case, { bundle, limitMs }: PlayOptions): Promise<Played> {
  const scenario = scenarioOf(one.scenario);
  const signs = [Date.now()];
  let interrupt: (request: SeenRequest) => void = () => {};
  await using azure = await startSimulator({
    pipelines,
    speed: pace * one.swiftness,
    accepts: (credential) => (credential.kind === "pat" && credential.value === token ? "yes" : "no"),
    quirks: { listLag: one.listLag },
    onRequest: (request) => {
      signs.push(Date.now());
      interrupt(request);
    },
  });
  const followed = scenario.others === true ? await queue(azure, scenario.pipeline) : undefined;
  for (const strike of one.strikes) azure.order(faultOf(strike));
  const action = startAction(inputsOf(one, azure, followed), {
    timeoutMs: limitMs,
    secrets: [],
    env: { NODE_OPTIONS: `--import=${swiftClock}`, SWIFTNESS: String(one.swiftness) },
    onLine: () => signs.push(Date.now()),
    ...(one.interruption?.how === "cancel by SIGTERM" && { signal: "SIGTERM" as const }),
    ...(one.interruption?.how === "cancel in a container" && { container: true }),
    ...(bundle !== undefined && { bundle }),
  });
  if (one.interruption !== undefined) interrupt = interrupting(one.interruption, action);
  const { result, overdue } = await action.done.then(
    (ended) => ({ result: ended, overdue: undefined }),
    (error: unknown) => ({ result: undefined, overdue: String(error) }),
  );
  signs.push(Date.now());
  const seen = azure.requests.filter(({ headers }) => headers["user-agent"] !== harness);
  return { result, overdue, runs: [...azure.runs], requests: seen, signs };
}

const harness = "fault-campaign";

function inputsOf(one: Case, azure: Simulator, followed: number | undefined): Record<string, string> {
  const { pipeline, inputs } = scenarioOf(one.scenario);
  const common = { organization: azure.organization, project: azure.project, token, "poll-interval": "1s" };
  if (followed !== undefined) return { ...common, ...inputs, "run-id": String(followed) };
  return { ...common, ...inputs, "pipeline-id": String(pipeline), ref: "main" };
}

/** A run that somebody else started. */
async function queue(azure: Simulator, pipeline: number): Promise<number> {
  const answer = await fetch(
    `${azure.organization}/${azure.project}/_apis/pipelines/${pipeline}/runs?api-version=7.1`,
    {
      method: "POST",
      body: "{}",
      headers: {
        "content-type": "application/json",
        "user-agent": harness,
        authorization: `Basic ${Buffer.from(`:${token}`).toString("base64")}`,
      },
    },
  );
  const { id } = (await answer.json()) as { id: number };
  return id;
}

/** Cuts the step off so long after a request of that kind came in. */
function interrupting({ how, after, nth, ms }: Interruption, action: RunningAction) {
  const { path, ...on } = targets[after];
  const act = how === "kill" ? action.kill : action.cancel;
  let count = 0;
  return (request: SeenRequest): void => {
    const { pathname } = new URL(request.path, "http://azure");
    if (("method" in on && on.method !== request.method) || !path.test(pathname)) return;
    count += 1;
    if (count === nth) setTimeout(act, ms);
  };
}

export const secrets = [token, Buffer.from(`:${token}`).toString("base64"), secretVariable];
