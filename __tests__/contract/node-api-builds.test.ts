import {
  BuildReason,
  BuildResult,
  BuildStatus,
  QueryDeletedOption,
  QueuePriority,
  StageUpdateType,
  TaskResult,
} from "azure-devops-node-api/interfaces/BuildInterfaces.js";
import { describe, expect, it } from "vitest";
import { type Call, commits, ended, object, refusal, textOf, useClients, web } from "./node-api-clients.ts";

const sdk = useClients();

describe("azure-devops-node-api", () => {
  it.each<Call>([
    {
      name: "queueBuild with a bare branch, priority and reason",
      call: () =>
        sdk.api.build.queueBuild(
          {
            definition: { id: 42 },
            sourceBranch: "main",
            priority: QueuePriority.High,
            reason: BuildReason.Triggered,
            tags: ["t"],
            parameters: '{"configuration":"Debug"}',
            queue: { id: 19 },
          },
          web,
        ),
      expected: object({
        sourceBranch: "refs/heads/main",
        priority: QueuePriority.High,
        reason: BuildReason.Triggered,
        status: BuildStatus.NotStarted,
        queue: object({ name: "Default" }),
      }),
    },
    {
      name: "queueBuild of an earlier build's source",
      call: () =>
        sdk.api.build.queueBuild({ definition: { id: 70 } }, web, false, undefined, sdk.triggered[0]),
      expected: object({ sourceVersion: commits[0]?.sha }),
    },
    {
      name: "queueBuild for somebody else",
      call: () =>
        sdk.api.build.queueBuild(
          { definition: { id: 42 }, requestedFor: { id: "some-id", displayName: "Bob" } },
          web,
        ),
      expected: object({
        requestedFor: object({ displayName: "Bob" }),
        requestedBy: object({ displayName: "Release Robot" }),
      }),
    },
    {
      name: "queueBuild in a queue that does not exist",
      call: () => refusal(sdk.api.build.queueBuild({ definition: { id: 42 }, queue: { id: 1 } }, web)),
      expected: [400, expect.stringContaining("Could not queue the build")],
    },
    {
      name: "queueBuild of an unknown definition",
      call: () => refusal(sdk.api.build.queueBuild({ definition: { id: 99 } }, web)),
      expected: null,
    },
    {
      name: "getBuild",
      call: () => sdk.api.build.getBuild(web, ended),
      expected: object({
        status: BuildStatus.Completed,
        result: BuildResult.Failed,
        finishTime: expect.any(Date),
      }),
    },
    { name: "getBuild unknown", call: () => sdk.api.build.getBuild(web, 9999), expected: null },
    {
      name: "getLatestBuild",
      call: () => sdk.api.build.getLatestBuild(web, "promoted", "main"),
      expected: object({ definition: object({ id: 70 }) }),
    },
    {
      name: "updateBuild keepForever",
      call: () => sdk.api.build.updateBuild({ keepForever: true }, web, ended),
      expected: object({ keepForever: true }),
    },
    {
      name: "deleteBuild that is retained",
      call: () => refusal(sdk.api.build.deleteBuild(web, ended)),
      expected: [400, expect.stringContaining("retained")],
    },
    {
      name: "updateBuilds",
      call: () => sdk.api.build.updateBuilds([{ id: ended, keepForever: false }], web),
      expected: [object({ id: ended, keepForever: false })],
    },
    {
      name: "updateBuild with retry, and cancelled",
      call: async () => {
        const retried = await sdk.api.build.updateBuild({}, web, ended, true);
        sdk.simulator.advance(1);
        const cancelled = await sdk.api.build.updateBuild({ status: BuildStatus.Cancelling }, web, ended);
        sdk.simulator.advance(60);
        return [retried.status, cancelled.status, (await sdk.api.build.getBuild(web, ended)).result];
      },
      expected: [BuildStatus.InProgress, BuildStatus.Cancelling, BuildResult.Canceled],
    },
    {
      name: "updateStage run of a manual stage",
      call: async () => {
        const { id = 0 } = await sdk.api.build.queueBuild({ definition: { id: 70 } }, web);
        sdk.simulator.advance(60);
        const stageResult = async () =>
          (await sdk.api.build.getBuildTimeline(web, id)).records?.find(({ name }) => name === "Production")
            ?.result;
        const before = await stageResult();
        await sdk.api.build.updateStage({ state: StageUpdateType.Run }, id, "Production", web);
        sdk.simulator.advance(60);
        return [before, await stageResult()];
      },
      expected: [TaskResult.ManuallyQueued, TaskResult.Succeeded],
    },
    {
      name: "updateStage refused",
      call: () => refusal(sdk.api.build.updateStage({ state: StageUpdateType.Run }, ended, "Staging", web)),
      expected: [400, expect.stringContaining("not a manual stage")],
    },
    {
      name: "deleteBuild",
      call: async () => {
        const { id = 0 } = await sdk.api.build.queueBuild({ definition: { id: 49 } }, web);
        await sdk.api.build.deleteBuild(web, id);
        const all = await sdk.builds({ definitions: [49], deleted: QueryDeletedOption.OnlyDeleted });
        return [await sdk.api.build.getBuild(web, id), all.map((build) => [build.id === id, build.deleted])];
      },
      expected: [null, [[true, true]]],
    },
    {
      name: "getBuildTimeline",
      call: async () => (await sdk.api.build.getBuildTimeline(web, ended)).records?.length,
      expected: expect.any(Number),
    },
    {
      name: "getBuildTimeline of changes",
      call: async () => {
        const { changeId } = await sdk.api.build.getBuildTimeline(web, ended);
        return (await sdk.api.build.getBuildTimeline(web, ended, undefined, changeId)).records;
      },
      expected: [],
    },
    {
      name: "getBuildChanges",
      call: async () =>
        (await sdk.api.build.getBuildChanges(web, sdk.triggered[1] ?? 0)).map(({ message }) => message),
      expected: ["Commit b"],
    },
    {
      name: "getChangesBetweenBuilds",
      call: async () =>
        (await sdk.api.build.getChangesBetweenBuilds(web, sdk.triggered[0], sdk.triggered[1])).map(
          ({ id }) => id,
        ),
      expected: [commits[1]?.sha],
    },
    {
      name: "getBuildWorkItemsRefs",
      call: () => sdk.api.build.getBuildWorkItemsRefs(web, ended),
      expected: [],
    },
    {
      name: "getBuildWorkItemsRefsFromCommits",
      call: () => sdk.api.build.getBuildWorkItemsRefsFromCommits([], web, ended),
      expected: [],
    },
    {
      name: "getWorkItemsBetweenBuilds",
      call: () => sdk.api.build.getWorkItemsBetweenBuilds(web, 1, 2),
      expected: [],
    },
    {
      name: "getBuildReport",
      call: () => sdk.api.build.getBuildReport(web, ended),
      expected: object({ buildId: ended, type: "Html" }),
    },
    {
      name: "getBuildReportHtmlContent",
      call: () => textOf(sdk.api.build.getBuildReportHtmlContent(web, ended)),
      expected: expect.stringContaining("<html>"),
    },
    { name: "getAttachments", call: () => sdk.api.build.getAttachments(web, ended, "summary"), expected: [] },
  ])("works with a build: $name", async ({ call, expected }) => {
    expect(await call()).toEqual(expected);
  });
});
