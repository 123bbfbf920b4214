import {
  BuildQueryOrder,
  BuildReason,
  BuildResult,
  BuildStatus,
} from "azure-devops-node-api/interfaces/BuildInterfaces.js";
import { describe, expect, it } from "vitest";
import { type Call, commits, first, refusal, useClients } from "./node-api-clients.ts";

const sdk = useClients();

describe("azure-devops-node-api", () => {
  it.each<Call>([
    { name: "by definition", call: () => sdk.positions(sdk.builds({})), expected: [1, 2] },
    {
      name: "newest first",
      call: () => sdk.positions(sdk.builds({ order: BuildQueryOrder.QueueTimeDescending })),
      expected: [2, 1],
    },
    {
      name: "by reason",
      call: () => sdk.positions(sdk.builds({ reason: BuildReason.IndividualCI })),
      expected: [1, 2],
    },
    {
      name: "by another reason",
      call: () => sdk.positions(sdk.builds({ reason: BuildReason.Manual })),
      expected: [],
    },
    {
      name: "by a sum of reasons",
      call: () => sdk.positions(sdk.builds({ reason: 4063 })),
      expected: [1, 2],
    },
    {
      name: "by all reasons",
      call: () => sdk.positions(sdk.builds({ reason: BuildReason.All })),
      expected: [1, 2],
    },
    {
      name: "by status",
      call: () => sdk.positions(sdk.builds({ status: BuildStatus.Completed })),
      expected: [1, 2],
    },
    { name: "by a sum of statuses", call: () => sdk.positions(sdk.builds({ status: 34 })), expected: [1, 2] },
    {
      name: "by another status",
      call: () => sdk.positions(sdk.builds({ status: BuildStatus.NotStarted })),
      expected: [],
    },
    {
      name: "by all statuses",
      call: () => sdk.positions(sdk.builds({ status: BuildStatus.All })),
      expected: [1, 2],
    },
    {
      name: "by result",
      call: () => sdk.positions(sdk.builds({ result: BuildResult.Succeeded })),
      expected: [1, 2],
    },
    { name: "by a sum of results", call: () => sdk.positions(sdk.builds({ result: 10 })), expected: [1, 2] },
    { name: "by another result", call: () => sdk.positions(sdk.builds({ result: 40 })), expected: [] },
    { name: "by queue", call: () => sdk.positions(sdk.builds({ queues: [18] })), expected: [1, 2] },
    { name: "by another queue", call: () => sdk.positions(sdk.builds({ queues: [19] })), expected: [] },
    { name: "by number", call: () => sdk.positions(sdk.builds({ number: "2*" })), expected: [1, 2] },
    { name: "by requester", call: () => sdk.positions(sdk.builds({ who: "Ada" })), expected: [1, 2] },
    {
      name: "by time",
      call: () => sdk.positions(sdk.builds({ min: new Date(Date.now() - 3600_000) })),
      expected: [],
    },
    {
      name: "by branch",
      call: () => sdk.positions(sdk.builds({ branch: "refs/heads/main" })),
      expected: [1, 2],
    },
    { name: "by tag", call: () => sdk.positions(sdk.builds({ tags: ["none"] })), expected: [] },
    { name: "by id", call: () => sdk.positions(sdk.builds({ ids: sdk.triggered.slice(1) })), expected: [2] },
    {
      name: "the newest of each definition",
      call: () => sdk.positions(sdk.builds({ perDefinition: 1 })),
      expected: [1],
    },
    {
      name: "by repository",
      call: () => sdk.positions(sdk.builds({ repository: "o/r", repositoryType: "GitHub" })),
      expected: [1, 2],
    },
    {
      name: "by another repository",
      call: () => sdk.positions(sdk.builds({ repository: "o/other", repositoryType: "GitHub" })),
      expected: [],
    },
    {
      name: "by a repository without its type",
      call: () => refusal(sdk.builds({ repository: "o/r" })),
      expected: [400, expect.stringContaining("repositoryType")],
    },
    {
      name: "with what sdk.triggered them",
      call: () => sdk.builds({}),
      expected: first({ triggerInfo: { "ci.sourceSha": commits[0]?.sha } }),
    },
  ])("lists builds: $name", async ({ call, expected }) => {
    expect(await call()).toEqual(expected);
  });
});
