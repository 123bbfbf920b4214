import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import {
  buildJson,
  commit,
  completedReply,
  happyPath,
  pollRoute,
  runJson,
  startRoute,
  statusReplies,
  timelineRecords,
  timelineRoute,
} from "../support/azure-responses.ts";
import { expectFailure, inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

const who = { requestedFor: { displayName: "Mona ::set-output name=x::y" }, priority: "normal", queueId: 7 };

const routes = {
  ...happyPath,
  [startRoute]: { body: runJson({ variables: { image: { value: "web:1.4" } } }) },
  [pollRoute]: { body: buildJson("completed", who) },
  [timelineRoute]: { body: { id: "t", changeId: 1, records: timelineRecords("completed", "succeeded") } },
};

describe.concurrent("map-outputs", () => {
  it("sets outputs from the document and the raw responses: text, null, number, list, object", async () => {
    await using azure = await scriptedAzure(routes);
    const mapped = `
      sha: source.commit
      short: source.commit | [0:7]
      nothing: stages[?name == 'Nowhere'] | [0].result
      seconds: runSeconds
      by: raw.build.requestedFor.displayName
      queue: raw.build.queueId
      image: raw.run.variables.image.value
      failed: stages[?result == 'failed'].name
      jobs: "stages[].jobs[].{job: displayName, ok: result == 'succeeded'}"
      isGood: result == 'succeeded'
    `;
    const { main } = await runAction(inputsFor(azure, { "map-outputs": mapped }));
    expect(main.exitCode, main.log).toBe(0);
    expect(main.outputs).toMatchObject({
      sha: commit,
      short: commit.slice(0, 7),
      nothing: "",
      seconds: "340",
      by: who.requestedFor.displayName,
      queue: "7",
      image: "web:1.4",
      failed: "[]",
      jobs: '[{"job":"Smoke tests","ok":true}]',
      isGood: "true",
    });
    expect(main.droppedOutputs).toEqual([]);
    expect(main.annotations).toEqual([]);
  });

  it("are there when the run fails", async () => {
    await using azure = await scriptedAzure({ ...routes, [pollRoute]: completedReply("failed") });
    const { main } = await runAction(inputsFor(azure, { "map-outputs": "how: result" }));
    expect([main.exitCode, main.outputs["how"]], main.log).toEqual([1, "failed"]);
  });

  it("are there when the time is up", async () => {
    await using azure = await scriptedAzure({ ...routes, [pollRoute]: statusReplies("inProgress") });
    const inputs = { "map-outputs": "how: status", timeout: "1s" };
    const result = await runAction(inputsFor(azure, inputs));
    expectFailure(result, "timeout");
    expect(result.main.outputs["how"]).toBe("inProgress");
  });

  it("are there with wait: false, whose step succeeds though nothing can be read", async () => {
    const inputs = { "map-outputs": "how: status", wait: "false" };
    await using azure = await scriptedAzure({ ...routes, [pollRoute]: statusReplies("inProgress") });
    await using blind = await scriptedAzure({
      ...routes,
      [pollRoute]: { status: 403, body: { message: "no" } },
    });
    const [seen, unseen] = await Promise.all([
      runAction(inputsFor(azure, inputs)),
      runAction(inputsFor(blind, inputs)),
    ]);
    expect([seen.main.exitCode, seen.main.outputs["how"]], seen.main.log).toEqual([0, "inProgress"]);
    expect(seen.main.outputs).toMatchObject({ status: "inProgress", result: "", "queue-seconds": "12" });
    expect(JSON.parse(seen.main.outputs["stages"] ?? "")).toHaveLength(1);
    expect(JSON.parse(seen.main.outputs["run"] ?? "")).toMatchObject({ id: 345, status: "inProgress" });
    expect([unseen.main.exitCode, unseen.main.outputs["how"]], unseen.main.log).toEqual([0, ""]);
    expect(unseen.main.annotations.map(({ level }) => level)).toEqual(["warning"]);
  });

  it("that do not suit the document warn once each, and are blank", async () => {
    await using azure = await scriptedAzure(routes);
    const { main } = await runAction(inputsFor(azure, { "map-outputs": "a: length(id)\nb: name" }));
    expect([main.exitCode, main.outputs["a"], main.outputs["b"]], main.log).toEqual([0, "", "20260602.13"]);
    expect(main.annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^map-outputs: a could not be evaluated: .*length/),
    ]);
  });

  it("warn once, too, when the step fails for another reason afterwards", async () => {
    await using azure = await scriptedAzure({
      ...routes,
      "GET build/builds/345/artifacts": { body: { count: 0, value: [] } },
    });
    const inputs = { "map-outputs": "a: length(id)", "download-artifacts": "gone" };
    const result = await runAction(inputsFor(azure, inputs));
    expectFailure(result, "not-found");
    expect(result.main.annotations.map(({ level }) => level)).toEqual(["warning", "error"]);
  });

  it("cannot take the place of the action's own outputs, nor be no output at all", async () => {
    await using azure = await scriptedAzure({});
    const mapped = "Run-Id: id\nerror-code: id\n'a=b': id\nfine: '\"result'\nlist: [a]";
    const text = expectFailure(await runAction(inputsFor(azure, { "map-outputs": mapped })), "bad-input");
    expect(text).toContain('"list" has a list');
    const rest = "Run-Id: id\nerror-code: id\n'a=b': id\nfine: '\"result'";
    const problems = expectFailure(await runAction(inputsFor(azure, { "map-outputs": rest })), "bad-input");
    for (const name of ["Run-Id", "error-code", "a=b", "fine"]) {
      expect(problems).toMatch(new RegExp(`^map-outputs: ${name}: `, "m"));
    }
    expect(azure.requestLines()).toEqual([]);
  });
});
