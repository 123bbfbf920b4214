import { happyPath, timelineRecords, timelineRoute } from "../../__tests__/support/azure-responses.ts";
import { inputsFor } from "../../__tests__/support/scenario.ts";
import { scriptedAzure } from "../../__tests__/support/scripted-azure.ts";
import { type Measurement, median, meterOf, programPath, runBundle, runProgram } from "./process.ts";

const lines = 1_000_000;

const line = `2026-06-02T14:41:10.1234567Z ${"a line of a log that goes on and on ".repeat(2)}\r\n`;

/** A million lines, written by the action and by a stream that only prefixes them. */
export async function measureLogStreaming(rounds: number) {
  const log = line.repeat(lines);
  const done = timelineRecords("completed", "succeeded").map((record) =>
    record["id"] === "t" ? { ...record, log: { id: 9, type: "Container", url: "https://x/9" } } : record,
  );
  await using azure = await scriptedAzure({
    ...happyPath,
    [timelineRoute]: { body: { records: done, changeId: 7, id: "t" } },
    "GET build/builds/345/logs/9": { body: log },
  });
  const variables = { ADDRESS: `${azure.organization}/web/_apis/build/builds/345/logs/9` };
  const script: Measurement[] = [];
  const action: Measurement[] = [];
  for (let round = 0; round < rounds; round += 1) {
    script.push(await runProgram(programPath("prefix.cjs"), variables, { meter: {} }));
    action.push(await runBundle(inputsFor(azure, { logs: "all" }), { meter: {} }));
  }
  const cost = (all: readonly Measurement[]) => ({
    cpuMs: median(all.map((one) => meterOf(one).cpuMs)),
    peakMb: median(all.map((one) => meterOf(one).peakMb)),
  });
  return { megabytes: log.length / 1e6, action: cost(action), script: cost(script) };
}
