import {
  buildJson,
  happyPath,
  pollRoute,
  statusReplies,
  timelineRecords,
  timelineRoute,
} from "../../__tests__/support/azure-responses.ts";
import { inputsFor, token } from "../../__tests__/support/scenario.ts";
import { type ReceivedRequest, scriptedAzure } from "../../__tests__/support/scripted-azure.ts";
import { type Measurement, median, meterOf, programPath, runBundle, runProgram } from "./process.ts";

/** The polls between the first timeline, which is complete, and the next complete one. Common costs of both waits cancel out. */
const [fewPolls, manyPolls] = [4, 28];

const clockSpeed = 20;

interface PollingCase {
  readonly records: number;
  /** The number of changed records at each poll. */
  readonly changed: number;
}

interface PollingCost {
  /** Processor time of one poll. */
  readonly pollMs: number;
  readonly peakMb: number;
}

/** Medians of interleaved runs: the action's polls, and those of a script that sends the same requests and parses the responses. */
export async function measurePolling(rounds: number, pollingCase: PollingCase) {
  const costs = { action: [] as PollingCost[], script: [] as PollingCost[] };
  for (let round = 0; round < rounds; round += 1) {
    for (const name of ["action", "script"] as const) {
      const short = meterOf(await waitFor(name, fewPolls, pollingCase));
      const long = meterOf(await waitFor(name, manyPolls, pollingCase));
      const pollMs = (long.cpuMs - short.cpuMs) / (manyPolls - fewPolls);
      costs[name].push({ pollMs, peakMb: long.peakMb });
    }
  }
  const middle = (all: readonly PollingCost[]): PollingCost => ({
    pollMs: median(all.map(({ pollMs }) => pollMs)),
    peakMb: median(all.map(({ peakMb }) => peakMb)),
  });
  return { action: middle(costs.action), script: middle(costs.script) };
}

async function waitFor(
  name: "action" | "script",
  polls: number,
  pollingCase: PollingCase,
): Promise<Measurement> {
  await using azure = await scriptedAzure({
    ...happyPath,
    [pollRoute]: [
      ...statusReplies(...Array<string>(polls).fill("inProgress")),
      { body: buildJson("completed") },
    ],
    [timelineRoute]: changingTimeline(pollingCase),
  });
  const options = { clockSpeed, meter: {} };
  if (name === "action") return await runBundle(inputsFor(azure), options);
  const variables = {
    API: `${azure.organization}/web/_apis`,
    TOKEN: token,
    TIMELINE: "1",
    INTERVAL_MS: "1000",
  };
  return await runProgram(programPath("wait.cjs"), variables, options);
}

type Fields = Readonly<Record<string, unknown>>;

/** One stage with a number of tasks. With each response, further tasks have succeeded. */
function changingTimeline({ records: count, changed }: PollingCase) {
  const [stage, phase, job, task] = timelineRecords("inProgress");
  const tasks: Fields[] = Array.from({ length: count - 3 }, (_, index) => ({
    ...task,
    id: `t${index}`,
    name: `Task ${index}`,
    identifier: `Deploy.smoke.__default.t${index}`,
    order: index + 1,
    state: "pending",
    startTime: null,
  }));
  let changeId = 7;
  let next = 0;
  return ({ path }: ReceivedRequest) => {
    if (!path.includes("changeId=")) {
      return { body: { records: [stage, phase, job, ...tasks], changeId, id: "t" } };
    }
    changeId += 1;
    const records = tasks.slice(next, next + changed).map((record) => ({
      ...record,
      ...{ state: "completed", result: "succeeded" },
      ...{ startTime: "2026-06-02T14:41:09Z", finishTime: "2026-06-02T14:41:19Z" },
    }));
    tasks.splice(next, records.length, ...records);
    next += records.length;
    return { body: { records, changeId, id: "t" } };
  };
}
