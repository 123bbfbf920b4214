import {
  buildJson,
  happyPath,
  pollRoute,
  runJson,
  startRoute,
  statusReplies,
  timelineRecords,
  timelineRoute,
} from "../../__tests__/support/azure-responses.ts";
import { inputsFor } from "../../__tests__/support/scenario.ts";
import { scriptedAzure } from "../../__tests__/support/scripted-azure.ts";
import { median, runBundle } from "./process.ts";

const definition = {
  "GET build/definitions/42": { body: { id: 42, name: "ci", repository: { type: "TfsGit" } } },
};

/** Requests up to and with the start, with a ref and without. */
export async function requestsUntilStarted() {
  const count = async (inputs: Record<string, string>) => {
    await using azure = await scriptedAzure({ ...happyPath, ...definition });
    await runBundle(inputsFor(azure, { wait: "false", ...inputs }));
    return azure.requests.findIndex(({ method }) => method === "POST") + 1;
  };
  return { withRef: await count({}), withoutRef: await count({ ref: "" }) };
}

/** Requests per poll, while the run is queued and while it is under way. */
export async function requestsPerPoll() {
  const count = async (status: string) => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: [...statusReplies(...Array<string>(5).fill(status)), { body: buildJson("completed") }],
    });
    await runBundle(inputsFor(azure), { clockSpeed: 20 });
    const polls = azure.requestLines().slice(1);
    const end = polls.findLastIndex((line) => line.startsWith(`${pollRoute}?`));
    return polls.slice(0, end).length / 5;
  };
  return { queued: await count("notStarted"), inProgress: await count("inProgress") };
}

/** Milliseconds from the look that saw the end to when the process is gone: the median. */
export async function exitLatency(rounds: number): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await using azure = await scriptedAzure({
      [startRoute]: { body: runJson() },
      [pollRoute]: statusReplies("inProgress", "completed"),
      [timelineRoute]: { body: { records: timelineRecords("completed", "succeeded"), changeId: 7, id: "t" } },
      "GET build/builds/345/artifacts": { body: { count: 0, value: [] } },
      "GET test/ResultSummaryByBuild": { status: 404 },
    });
    const { endedAt } = await runBundle(inputsFor(azure));
    const last = azure.requests.findLast(({ path }) => /builds\/345\?/.test(path));
    times.push(endedAt - (last?.at ?? Number.NaN));
  }
  return median(times);
}

/** Processor time of sixty polls of a run with so many records, of which none changes. Milliseconds. */
export async function pollingCpuTime(count: number): Promise<number> {
  const allRecords = manyRecords(count);
  const changed = { body: { records: allRecords, changeId: 7, id: "t" } };
  const unchanged = { body: { records: [], changeId: 7, id: "t" } };
  await using azure = await scriptedAzure({
    ...happyPath,
    [pollRoute]: [
      ...statusReplies(...Array<string>(60).fill("inProgress")),
      { body: buildJson("completed") },
    ],
    [timelineRoute]: ({ path }) => (path.includes("changeId=") ? unchanged : changed),
    "GET build/builds/345/artifacts": { body: { count: 0, value: [] } },
  });
  const { meter, exitCode, stderr } = await runBundle(inputsFor(azure), { clockSpeed: 20 });
  if (exitCode !== 0) throw new Error(`the action ended with ${exitCode}: ${stderr}`);
  return meter?.cpuMs ?? Number.NaN;
}

/** One stage with as many tasks as it takes. */
function manyRecords(count: number) {
  const [stage, phase, job, task] = timelineRecords("inProgress");
  const others = Array.from({ length: count - 3 }, (_, index) => ({
    ...task,
    id: `t${index}`,
    name: `Task ${index}`,
    identifier: `Deploy.smoke.__default.t${index}`,
    order: index + 1,
    ...(index > 0 && { state: "pending", startTime: null }),
  }));
  return [stage, phase, job, ...others];
}

/** What is left of the heap in the course of six idle hours, once a second of a clock that goes 360 times as fast. */
export async function idleHeapSizes(): Promise<readonly number[]> {
  const polls = 6 * 360;
  await using azure = await scriptedAzure({
    ...happyPath,
    [pollRoute]: [
      ...statusReplies(...Array<string>(polls).fill("inProgress")),
      { body: buildJson("completed") },
    ],
    [timelineRoute]: { body: { records: timelineRecords("inProgress"), changeId: 7, id: "t" } },
  });
  const inputs = inputsFor(azure, { "poll-interval": "10s" });
  const { meter } = await runBundle(inputs, { clockSpeed: 360, heaps: true });
  return meter?.heapsMb ?? [];
}
