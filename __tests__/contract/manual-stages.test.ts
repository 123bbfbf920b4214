import { describe, expect, it } from "vitest";
import { fetchRecords, findRecord, pipelineSpec, singleJobStage } from "./fixtures.ts";
import { openSimulator, type SimulatorClient } from "./simulator-client.ts";

const promoted = pipelineSpec([
  singleJobStage("Build"),
  singleJobStage("Production", { trigger: "manual" }),
  singleJobStage("Announce"),
  singleJobStage("Report", { dependsOn: ["Build"] }),
]);

const stagesOf = async (stage: SimulatorClient, id: number) =>
  Object.fromEntries(
    (await fetchRecords(stage, id))
      .filter(({ type }) => type === "Stage")
      .map(({ identifier, state, result }) => [identifier, result ?? state]),
  );

const update = (stage: SimulatorClient, id: number, name: string, state = "run", version = "7.2-preview.1") =>
  stage.call("PATCH", `build/builds/${id}/stages/${name}?api-version=${version}`, { state });

describe("a manual stage", () => {
  it("is not waited for: the run completes without it and what depends on it", async () => {
    await using stage = await openSimulator({ pipelines: [promoted] });
    const id = await stage.startRun(1);
    stage.simulator.advance(60);
    expect(await stagesOf(stage, id)).toEqual({
      Build: "succeeded",
      Production: "manuallyQueued",
      Announce: "dependentOnManualQueue",
      Report: "succeeded",
    });
    expect((await stage.call("GET", `build/builds/${id}`)).json).toMatchObject({ result: "succeeded" });
    expect(stage.simulator.runs[0]?.stages["Production"]).toBe("manuallyQueued");
  });

  it("starts with state run, and the completed run is in progress again", async () => {
    await using stage = await openSimulator({ pipelines: [promoted] });
    const id = await stage.startRun(1);
    stage.simulator.advance(60);
    const reply = await update(stage, id, "production");
    expect([reply.status, reply.text]).toEqual([200, ""]);
    stage.simulator.advance(1);
    const build = (await stage.call("GET", `build/builds/${id}`)).json;
    expect(build).toMatchObject({ status: "inProgress" });
    expect(build).not.toHaveProperty("finishTime");
    expect(await stagesOf(stage, id)).toMatchObject({ Production: "inProgress", Announce: "pending" });
    stage.simulator.advance(60);
    expect(await stagesOf(stage, id)).toMatchObject({ Production: "succeeded", Announce: "succeeded" });
    expect(stage.simulator.runs[0]).toMatchObject({ status: "completed", result: "succeeded", attempt: 1 });
  });

  it("can be started while other stages run, or in the browser", async () => {
    await using stage = await openSimulator({ pipelines: [promoted] });
    const id = await stage.startRun(1);
    stage.simulator.advance(5);
    expect(await stagesOf(stage, id)).toMatchObject({ Build: "inProgress", Production: "manuallyQueued" });
    stage.simulator.startStage(id, "Production");
    stage.simulator.advance(1);
    expect(await stagesOf(stage, id)).toMatchObject({ Build: "inProgress", Production: "inProgress" });
    expect(() => stage.simulator.startStage(id, "Build")).toThrow(/not a manual stage/);
  });

  it("is retried like any other once it ran, and canceled alone", async () => {
    const flaky = singleJobStage("Production", {
      trigger: "manual",
      jobs: [{ name: "Do", tasks: [{ name: "it", seconds: 10, result: ["failed", "succeeded"] }] }],
    });
    await using stage = await openSimulator({ pipelines: [pipelineSpec([singleJobStage("Build"), flaky])] });
    const id = await stage.startRun(1);
    stage.simulator.advance(60);
    expect((await update(stage, id, "Production", "retry")).json.message).toContain("has never been run");
    await update(stage, id, "Production");
    stage.simulator.advance(60);
    expect(stage.simulator.runs[0]?.result).toBe("failed");
    expect((await update(stage, id, "Production", "retry")).status).toBe(200);
    stage.simulator.advance(3);
    expect((await update(stage, id, "Production", "cancel")).status).toBe(200);
    stage.simulator.advance(60);
    expect(stage.simulator.runs[0]).toMatchObject({ result: "canceled", attempt: 2 });
    expect(findRecord(await fetchRecords(stage, id), "Build", "Stage")?.attempt).toBe(1);
  });

  it.each([
    ["that does not exist", "Nowhere", "Unable to find stage Nowhere."],
    ["that is not manual", "Build", "it is not a manual stage"],
    ["whose dependencies have not ended", "After", "depends on stages that have not completed: Build"],
    ["twice", "Production", "it has already been started"],
  ])("is refused with an envelope: one %s", async (_, name, message) => {
    const after = singleJobStage("After", { trigger: "manual", dependsOn: ["Build"] });
    const production = singleJobStage("Production", { trigger: "manual" });
    await using stage = await openSimulator({
      pipelines: [pipelineSpec([singleJobStage("Build"), production, after])],
    });
    const id = await stage.startRun(1);
    stage.simulator.advance(2);
    if (name === "Production") await update(stage, id, name);
    const { status, json } = await update(stage, id, name);
    expect([status, json.typeKey]).toEqual([400, "BuildException"]);
    expect(json.message).toContain(message);
  });

  it("is refused at 7.1, without the permission, and after a cancellation", async () => {
    await using stage = await openSimulator({ pipelines: [promoted] });
    const id = await stage.startRun(1);
    expect((await update(stage, id, "Production", "run", "7.1")).status).toBe(400);
    stage.simulator.quirks.denied = ["Queue builds"];
    expect((await update(stage, id, "Production")).json.typeKey).toBe("AccessDeniedException");
    stage.simulator.quirks.deniedAs = "AccessCheckException";
    expect((await update(stage, id, "Production")).json.typeKey).toBe("AccessCheckException");
    stage.simulator.quirks.denied = [];
    await stage.call("PATCH", `build/builds/${id}?api-version=7.1`, { status: "cancelling" });
    expect((await update(stage, id, "Production")).json.message).toContain("the run was canceled");
  });

  it.each([
    ["late", "pending", null, "completed"],
    ["pending", "pending", "manuallyQueued", "pending"],
    ["completed", "completed", "manuallyQueued", "completed"],
  ] as const)("has the form %s where the quirk says so", async (form, state, result, stateAtTheEnd) => {
    await using stage = await openSimulator({ pipelines: [promoted], quirks: { manualStage: form } });
    const id = await stage.startRun(1);
    const production = async () => findRecord(await fetchRecords(stage, id), "Production", "Stage");
    stage.simulator.advance(5);
    expect(await production()).toMatchObject({ state, result });
    stage.simulator.advance(60);
    expect(await production()).toMatchObject({ state: stateAtTheEnd, result: "manuallyQueued" });
  });
});
