import { happyPath, timelineRecords, timelineRoute } from "../../__tests__/support/azure-responses.ts";
import { inputsFor } from "../../__tests__/support/scenario.ts";
import { scriptedAzure } from "../../__tests__/support/scripted-azure.ts";
import { type Measurement, median, runBundle, runNode, scriptFile } from "./process.ts";

const lines = 1_000_000;

const line = `2026-06-02T14:41:10.1234567Z ${"a line of a log that goes on and on ".repeat(2)}\r\n`;

/** Reads a log and prints it with something in front of each line. */
const prefixScript = `const http = require("node:http");
let rest = "";
http.get(process.env.ADDRESS, async (response) => {
  response.setEncoding("utf8");
  for await (const chunk of response) {
    const lines = (rest + chunk).split(/\\r\\n|\\n/);
    rest = lines.pop();
    const text = lines.map((line) => "| " + line + "\\n").join("");
    if (text !== "" && !process.stdout.write(text)) await new Promise((go) => process.stdout.once("drain", go));
  }
});
`;

/** A million lines, relayed by the action and by a stream that only prefixes them. */
export async function measureLogStreaming(rounds: number) {
  const log = line.repeat(lines);
  const done = timelineRecords("completed", "succeeded").map((record) =>
    record["id"] === "t" ? { ...record, log: { id: 9, type: "Container", url: "https://x/9" } } : record,
  );
  await using azure = await scriptedAzure({
    ...happyPath,
    [timelineRoute]: { body: { records: done, changeId: 7, id: "t" } },
    "GET build/builds/345/logs/9": { body: log },
    "GET build/builds/345/artifacts": { body: { count: 0, value: [] } },
  });
  const address = `${azure.organization}/web/_apis/build/builds/345/logs/9`;
  const script = scriptFile("prefix.cjs", prefixScript);
  const plain: Measurement[] = [];
  const streamed: Measurement[] = [];
  for (let round = 0; round < rounds; round += 1) {
    plain.push(await runNode([script], { ADDRESS: address }, { clockSpeed: 1 }));
    streamed.push(await runBundle(inputsFor(azure, { logs: "all" }), { clockSpeed: 1 }));
  }
  const cpu = (all: readonly Measurement[]) => median(all.map(({ meter }) => meter?.cpuMs ?? Number.NaN));
  const peak = (all: readonly Measurement[]) =>
    Math.max(...all.map(({ meter }) => meter?.peakMb ?? Number.NaN));
  return {
    megabytes: log.length / 1e6,
    ratio: cpu(streamed) / cpu(plain),
    peakMb: peak(streamed),
    plainPeakMb: peak(plain),
  };
}
