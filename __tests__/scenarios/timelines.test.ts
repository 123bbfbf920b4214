import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { startSimulator } from "../../simulator/index.ts";
import {
  buildJson,
  errorReply,
  happyPath,
  htmlReply,
  pollRequestLine,
  pollRoute,
  statusReplies,
  timelineRecords,
  timelineRoute,
} from "../support/azure-responses.ts";
import { inputsFor } from "../support/scenario.ts";
import { type Reply, scriptedAzure } from "../support/scripted-azure.ts";

const done = { body: buildJson("completed") };

describe.concurrent("a timeline", () => {
  it.each<[string, Reply]>([
    ["that does not exist yet (204)", { status: 204 }],
    ["without records", { body: { records: null, changeId: 4, id: "t" } }],
    ["that was deleted (404)", { status: 404, body: { message: "TimelineNotFoundException" } }],
    ["that is not an object", { body: [] }],
  ])("does not affect the step: one %s", async (_, reply) => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: [...statusReplies("inProgress"), done],
      [timelineRoute]: reply,
    });
    const { main } = await runAction(inputsFor(azure));
    expect([main.exitCode, main.outputs["stages"]], main.log).toEqual([0, "[]"]);
  });

  it("that always fails neither fails nor delays the step", async () => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: done,
      [timelineRoute]: htmlReply(503),
    });
    const { main } = await runAction(inputsFor(azure));
    expect([main.exitCode, main.outputs["result"]], main.log).toEqual([0, "succeeded"]);
    const warning = "Stages and jobs may be incomplete: Reading the run's timeline failed";
    expect(main.log.split(warning)).toHaveLength(2);
    expect(main.summary.split(warning)).toHaveLength(2);
    expect(main.annotations).toEqual([]);
  });

  it("that is forbidden causes one warning with the service's words, also in the summary", async () => {
    const words = "The user lacks View builds permissions.";
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: [...statusReplies("inProgress", "inProgress"), done],
      [timelineRoute]: errorReply(403, "AccessDeniedException", words),
    });
    const { main } = await runAction(inputsFor(azure));
    expect([main.exitCode, main.outputs["stages"]], main.log).toEqual([0, "[]"]);
    const warning = expect.stringMatching(/^Stages and jobs may be incomplete: .*View builds permissions/);
    expect(main.annotations).toMatchObject([{ level: "warning", message: warning }]);
    expect(main.summary.split("Stages and jobs may be incomplete: ")).toHaveLength(2);
    expect(main.summary).toContain("View builds permissions");
  });

  it("that fails once causes no warning", async () => {
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: [...statusReplies("inProgress"), done],
      [timelineRoute]: [htmlReply(503), { body: { records: timelineRecords("completed", "succeeded") } }],
    });
    const { main } = await runAction(inputsFor(azure));
    expect(main.log).toContain("Deploy");
    expect(main.log + main.summary).not.toContain("may be incomplete");
  });

  it("without records at first is read as a whole later", async () => {
    const all = { changeId: 4, id: "t", records: timelineRecords("completed", "succeeded") };
    await using azure = await scriptedAzure({
      ...happyPath,
      [pollRoute]: [...statusReplies("inProgress", "inProgress"), done],
      [timelineRoute]: ({ path }) => ({
        body: path.includes("changeId=")
          ? { ...all, records: [] }
          : { ...all, records: call++ ? all.records : null },
      }),
    });
    let call = 0;
    const { main } = await runAction(inputsFor(azure));
    const requested = azure.requestLines().filter((line) => line.includes("timeline"));
    expect(
      requested.slice(0, 2).every((line) => !line.includes("changeId")),
      requested.join("\n"),
    ).toBe(true);
    expect(JSON.parse(main.outputs["stages"] ?? "")).toHaveLength(1);
  });

  it("is read incrementally, with records in any order", async () => {
    await using azure = await startSimulator({ speed: 4, accepts: () => "yes" });
    const { main } = await runAction(inputsFor(azure));
    expect(main.exitCode, main.log).toBe(0);
    const requested = azure.requests.filter(({ path }) => /timeline/i.test(path)).map(({ path }) => path);
    expect(requested.filter((path) => path.includes("changeId=")).length).toBeGreaterThan(0);
  });
});

it("a timeline that is incomplete at the run's end is polled again before the end is logged", async () => {
  const [stage, ...inside] = timelineRecords("inProgress");
  const ended = timelineRecords("completed", "failed");
  const finishTime = new Date().toISOString();
  await using azure = await scriptedAzure({
    ...happyPath,
    [pollRoute]: [
      ...statusReplies("inProgress"),
      { body: buildJson("completed", { result: "failed", finishTime }) },
    ],
    [timelineRoute]: [
      { body: { records: [stage, ...inside] } },
      { body: { records: [ended[0], ...inside] } },
      { body: { records: ended } },
    ],
  });
  const { main } = await runAction(inputsFor(azure, { logs: "none" }));
  const lines = azure.requestLines();
  expect(lines.filter((line) => line === pollRequestLine)).toHaveLength(3);
  // What was requested along with records that lag, or was about to be, is requested again after the last ones.
  expect(lines.findLastIndex((line) => line.includes("timeline"))).toBeLessThan(
    lines.findLastIndex((line) => line.includes("/artifacts")),
  );
  const plain = main.log.replaceAll(/\u001B\[\d*m/g, "");
  expect(plain).toMatch(/✘ Smoke tests 5 min 40 s\n.*✘ Deploy 5 min 40 s\n/);
  expect(main.annotations.at(-1)?.message).toContain("The tests failed.");
  expect(main.summary).toContain("The tests failed.");
  expect(JSON.parse(main.outputs["stages"] ?? "")).toMatchObject([{ jobs: [{ result: "failed" }] }]);
});

it("a poll sends one request while the run is queued", async () => {
  await using azure = await scriptedAzure({
    ...happyPath,
    [pollRoute]: [...statusReplies("notStarted", "notStarted", "inProgress"), done],
  });
  const { main } = await runAction(inputsFor(azure));
  expect(main.exitCode, main.log).toBe(0);
  expect(azure.requestLines().filter((line) => line === pollRequestLine)).toHaveLength(4);
  expect(azure.requestLines().filter((line) => line.includes("timeline"))).toHaveLength(2);
});
