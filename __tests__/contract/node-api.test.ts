import {
  BuildResult,
  BuildStatus,
  TaskResult,
  TimelineRecordState,
} from "azure-devops-node-api/interfaces/BuildInterfaces.js";
import { RunState } from "azure-devops-node-api/interfaces/PipelinesInterfaces.js";
import { getPersonalAccessTokenHandler, WebApi } from "azure-devops-node-api/WebApi.js";
import { expect, test } from "vitest";
import { demoToken, startSimulator } from "../../simulator/index.ts";

// Microsoft's own client, unmodified: it reads routes and versions from the server.
test("azure-devops-node-api starts a run, reads its status and timeline, and cancels it", async () => {
  await using simulator = await startSimulator({ speed: 0 });
  const api = new WebApi(simulator.organization, getPersonalAccessTokenHandler(demoToken));
  const connection = await api.connect();
  expect(connection.authenticatedUser?.providerDisplayName).toBe("Release Robot");

  const pipelines = await api.getPipelinesApi();
  const builds = await api.getBuildApi();
  const run = await pipelines.runPipeline({}, "web", 47);
  expect(run).toMatchObject({ id: 345, pipeline: { name: "slow" }, state: RunState.InProgress });
  expect((await builds.getBuild("web", 345)).status).toBe(BuildStatus.NotStarted);

  simulator.advance(10);
  const build = await builds.getBuild("web", 345);
  expect([build.status, build.startTime]).toEqual([BuildStatus.InProgress, expect.any(Date)]);
  const timeline = await builds.getBuildTimeline("web", 345);
  const soak = timeline.records?.find((record) => record.name === "Soak test");
  expect(soak?.state).toBe(TimelineRecordState.InProgress);

  const cancelling = await builds.updateBuild({ status: BuildStatus.Cancelling }, "web", 345);
  expect(cancelling.status).toBe(BuildStatus.Cancelling);
  expect((await pipelines.getRun("web", 47, 345)).state).toBe(RunState.Canceling);
  simulator.advance(10);
  const ended = await builds.getBuild("web", 345);
  expect([ended.status, ended.result]).toEqual([BuildStatus.Completed, BuildResult.Canceled]);
  const last = await builds.getBuildTimeline("web", 345);
  expect(last.records?.find((record) => record.name === "Clean up")?.result).toBe(TaskResult.Succeeded);
});

test("azure-devops-node-api lists definitions and builds, and reads logs, artifacts and tags", async () => {
  await using simulator = await startSimulator({ speed: 0 });
  const api = new WebApi(simulator.organization, getPersonalAccessTokenHandler(demoToken));
  const builds = await api.getBuildApi();
  const definitions = await builds.getDefinitions("web", "CI");
  expect(definitions.map(({ id, name }) => [id, name])).toEqual([[42, "ci"]]);
  const build = await builds.queueBuild({ definition: { id: 42 }, sourceBranch: "refs/heads/main" }, "web");
  simulator.advance(60);
  expect(await builds.addBuildTag("web", build.id ?? 0, "nightly")).toEqual(["nightly"]);
  const listed = await builds.getBuilds(
    "web",
    [42],
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
    BuildStatus.Completed,
  );
  expect(listed[0]?.id).toBe(build.id);
  const logs = await builds.getBuildLogs("web", build.id ?? 0);
  expect(logs.length).toBeGreaterThan(10);
  const lines = await builds.getBuildLogLines("web", build.id ?? 0, 3);
  expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z ##\[section\]Starting: /);
  const artifacts = await builds.getArtifacts("web", build.id ?? 0);
  expect(artifacts.map(({ name }) => name)).toEqual(["web-package", "release"]);
});
