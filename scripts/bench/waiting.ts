import {
  buildJson,
  happyPath,
  pollRoute,
  statusReplies,
  timelineRecords,
  timelineRoute,
} from "../../__tests__/support/azure-responses.ts";
import { inputsFor, token } from "../../__tests__/support/scenario.ts";
import { type ScriptedAzure, scriptedAzure } from "../../__tests__/support/scripted-azure.ts";
import { type Measurement, median, meterOf, programPath, runBundle, runProgram } from "./process.ts";

const scriptVariables = (azure: ScriptedAzure, intervalMs: number) => ({
  API: `${azure.organization}/web/_apis`,
  TOKEN: token,
  INTERVAL_MS: String(intervalMs),
});

/** Medians of the milliseconds from the poll that sees the run's end to the end of the process. */
export async function measureEnd(rounds: number) {
  const times = { action: [] as number[], script: [] as number[] };
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of ["action", "script"] as const) {
      await using azure = await scriptedAzure({
        ...happyPath,
        [timelineRoute]: {
          body: { records: timelineRecords("completed", "succeeded"), changeId: 7, id: "t" },
        },
      });
      const { endedAt } =
        name === "action"
          ? await runBundle(inputsFor(azure))
          : await runProgram(programPath("wait.cjs"), scriptVariables(azure, 1_000));
      const last = azure.requests.findLast(({ path }) => /builds\/345\?/.test(path));
      if (round > 0) times[name].push(endedAt - (last?.at ?? Number.NaN));
    }
  }
  return { action: median(times.action), script: median(times.script) };
}

const idleMs = [5_000, 25_000] as const;

/** Medians of the processor time per ten seconds of a wait between two polls. Milliseconds. */
export async function measureIdle(waits: number) {
  await using azure = await scriptedAzure({
    ...happyPath,
    [pollRoute]: statusReplies("inProgress"),
    [timelineRoute]: { body: { records: timelineRecords("inProgress"), changeId: 7, id: "t" } },
  });
  const options = { meter: { samplesAtMs: idleMs } };
  const each = (start: () => Promise<Measurement>) => Promise.all(Array.from({ length: waits }, start));
  const [action, script] = await Promise.all([
    each(() => runBundle(inputsFor(azure, { "poll-interval": "5m" }), options)),
    each(() => runProgram(programPath("wait.cjs"), scriptVariables(azure, 300_000), options)),
  ]);
  return { action: median(action.map(tenSeconds)), script: median(script.map(tenSeconds)) };
}

function tenSeconds(measurement: Measurement): number {
  const [from = Number.NaN, to = Number.NaN] = meterOf(measurement).samplesMs;
  return ((to - from) * 10_000) / (idleMs[1] - idleMs[0]);
}

/** The heap during six idle hours, once a second of a clock that runs 360 times as fast. */
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
  return meterOf(await runBundle(inputs, { clockSpeed: 360, meter: { heaps: true } })).heapsMb;
}
