import { describe, expect, it } from "vitest";
import { fetchRecords, findRecord, pipelineSpec, singleJobStage } from "./fixtures.ts";
import { openSimulator, type SimulatorClient } from "./simulator-client.ts";

const promoted = pipelineSpec([
  singleJobStage("Build"),
  singleJobStage("Production", { trigger: "manual" }),
  singleJobStage("Announce"),
  singleJobStage("Report", { dependsOn: ["Build"] }),
]);

const stagesOf = async (client: SimulatorClient, id: number) =>
  Object.fromEntries(
    (await fetchRecords(client, id))
      .filter(({ type }) => type === "Stage")
      .map(({ identifier, state, result }) => [identifier, result ?? state]),
  );

const update = (
  client: SimulatorClient,
  id: number,
  name: string,
  state = "run",
  version = "7.2-preview.1",
) => client.call("PATCH", `build/builds/${id}/stages/${name}?api-version=${version}`, { state });

describe("a manual stage", () => {
  it("does not keep the run open: the run completes without it and its dependent stages", async () => {
    await using client = await openSimulator({ pipelines: [promoted] });
    const id = await client.startRun(1);
    client.simulator.advance(60);
    expect(await stagesOf(client, id)).toEqual({
      Build: "succeeded",
      Production: "manuallyQueued",
      Announce: "dependentOnManualQueue",
      Report: "succeeded",
    });
    expect((await client.call("GET", `build/builds/${id}`)).json).toMatchObject({ result: "succeeded" });
    expect(client.simulator.runs[0]?.stages["Production"]).toBe("manuallyQueued");
  });

  it("starts with state run, and sets a completed run back to in progress", async () => {
    await using client = await openSimulator({ pipelines: [promoted] });
    const id = await client.startRun(1);
    client.simulator.advance(60);
    const reply = await update(client, id, "production");
    expect([reply.status, reply.text]).toEqual([200, ""]);
    client.simulator.advance(1);
    const build = (await client.call("GET", `build/builds/${id}`)).json;
    expect(build).toMatchObject({ status: "inProgress" });
    expect(build).not.toHaveProperty("finishTime");
    expect(await stagesOf(client, id)).toMatchObject({ Production: "inProgress", Announce: "pending" });
    client.simulator.advance(60);
    expect(await stagesOf(client, id)).toMatchObject({ Production: "succeeded", Announce: "succeeded" });
    expect(client.simulator.runs[0]).toMatchObject({ status: "completed", result: "succeeded", attempt: 1 });
  });

  it("can be started while other stages run, and with startStage()", async () => {
    await using client = await openSimulator({ pipelines: [promoted] });
    const id = await client.startRun(1);
    client.simulator.advance(5);
    expect(await stagesOf(client, id)).toMatchObject({ Build: "inProgress", Production: "manuallyQueued" });
    client.simulator.startStage(id, "Production");
    client.simulator.advance(1);
    expect(await stagesOf(client, id)).toMatchObject({ Build: "inProgress", Production: "inProgress" });
    expect(() => client.simulator.startStage(id, "Build")).toThrow(/not a manual stage/);
  });

  it("can be retried after it has run, and canceled without the other stages", async () => {
    const flaky = singleJobStage("Production", {
      trigger: "manual",
      jobs: [{ name: "Do", tasks: [{ name: "it", seconds: 10, result: ["failed", "succeeded"] }] }],
    });
    await using client = await openSimulator({ pipelines: [pipelineSpec([singleJobStage("Build"), flaky])] });
    const id = await client.startRun(1);
    client.simulator.advance(60);
    expect((await update(client, id, "Production", "retry")).json.message).toContain("has never been run");
    await update(client, id, "Production");
    client.simulator.advance(60);
    expect(client.simulator.runs[0]?.result).toBe("failed");
    expect((await update(client, id, "Production", "retry")).status).toBe(200);
    client.simulator.advance(3);
    expect((await update(client, id, "Production", "cancel")).status).toBe(200);
    client.simulator.advance(60);
    expect(client.simulator.runs[0]).toMatchObject({ result: "canceled", attempt: 2 });
    expect(findRecord(await fetchRecords(client, id), "Build", "Stage")?.attempt).toBe(1);
  });

  it.each([
    ["it does not exist", "Nowhere", "Unable to find stage Nowhere."],
    ["it is not manual", "Build", "it is not a manual stage"],
    ["its dependencies have not ended", "After", "depends on stages that have not completed: Build"],
    ["it has been started before", "Production", "it has already been started"],
  ])("is not started if %s: 400 BuildException for %s, %j", async (_, name, message) => {
    const after = singleJobStage("After", { trigger: "manual", dependsOn: ["Build"] });
    const production = singleJobStage("Production", { trigger: "manual" });
    await using client = await openSimulator({
      pipelines: [pipelineSpec([singleJobStage("Build"), production, after])],
    });
    const id = await client.startRun(1);
    client.simulator.advance(2);
    if (name === "Production") await update(client, id, name);
    const { status, json } = await update(client, id, name);
    expect([status, json.typeKey]).toEqual([400, "BuildException"]);
    expect(json.message).toContain(message);
  });

  it("is not started with version 7.1, without the permission, or after a cancellation", async () => {
    await using client = await openSimulator({ pipelines: [promoted] });
    const id = await client.startRun(1);
    expect((await update(client, id, "Production", "run", "7.1")).status).toBe(400);
    client.simulator.quirks.denied = ["Queue builds"];
    expect((await update(client, id, "Production")).json.typeKey).toBe("AccessDeniedException");
    client.simulator.quirks.deniedAs = "AccessCheckException";
    expect((await update(client, id, "Production")).json.typeKey).toBe("AccessCheckException");
    client.simulator.quirks.denied = [];
    await client.call("PATCH", `build/builds/${id}?api-version=7.1`, { status: "cancelling" });
    expect((await update(client, id, "Production")).json.message).toContain("the run was canceled");
  });

  it.each([
    ["late", "pending", null, "completed"],
    ["pending", "pending", "manuallyQueued", "pending"],
    ["completed", "completed", "manuallyQueued", "completed"],
  ] as const)(
    "has with the quirk %s the state %s and the result %s",
    async (form, state, result, stateAtTheEnd) => {
      await using client = await openSimulator({ pipelines: [promoted], quirks: { manualStage: form } });
      const id = await client.startRun(1);
      const production = async () => findRecord(await fetchRecords(client, id), "Production", "Stage");
      client.simulator.advance(5);
      expect(await production()).toMatchObject({ state, result });
      client.simulator.advance(60);
      expect(await production()).toMatchObject({ state: stateAtTheEnd, result: "manuallyQueued" });
    },
  );
});
