import { describe, expect, it } from "vitest";
import { type Call, ended, list, object, useClients, web } from "./node-api-clients.ts";

const sdk = useClients();

describe("azure-devops-node-api", () => {
  it.each<Call>([
    { name: "addBuildTag", call: () => sdk.api.build.addBuildTag(web, ended, "a"), expected: ["a"] },
    {
      name: "addBuildTags",
      call: () => sdk.api.build.addBuildTags(["b", "c"], web, ended),
      expected: ["a", "b", "c"],
    },
    {
      name: "updateBuildTags",
      call: () => sdk.api.build.updateBuildTags({ tagsToAdd: ["d"], tagsToRemove: ["A"] }, web, ended),
      expected: ["b", "c", "d"],
    },
    {
      name: "deleteBuildTag",
      call: () => sdk.api.build.deleteBuildTag(web, ended, "b"),
      expected: ["c", "d"],
    },
    { name: "getBuildTags", call: () => sdk.api.build.getBuildTags(web, ended), expected: ["c", "d"] },
    { name: "getTags", call: () => sdk.api.build.getTags(web), expected: list(["c", "d"]) },
    {
      name: "deleteTag",
      call: () => sdk.api.build.deleteTag(web, "d"),
      expected: expect.not.arrayContaining(["d"]),
    },
    { name: "addDefinitionTag", call: () => sdk.api.build.addDefinitionTag(web, 42, "x"), expected: ["x"] },
    {
      name: "updateDefinitionTags",
      call: () => sdk.api.build.updateDefinitionTags({ tagsToAdd: ["y"], tagsToRemove: [] }, web, 42),
      expected: ["x", "y"],
    },
    { name: "getDefinitionTags", call: () => sdk.api.build.getDefinitionTags(web, 42), expected: ["x", "y"] },
    {
      name: "deleteDefinitionTag",
      call: () => sdk.api.build.deleteDefinitionTag(web, 42, "x"),
      expected: ["y"],
    },
    {
      name: "updateBuildProperties",
      call: () => {
        const patch = [
          { op: 0, path: "/text", value: "v" },
          { op: 0, path: "/number", value: 3 },
        ];
        return sdk.api.build.updateBuildProperties({}, patch as never, web, ended);
      },
      expected: {
        count: 2,
        value: {
          text: { $type: "System.String", $value: "v" },
          number: { $type: "System.Int32", $value: 3 },
        },
      },
    },
    {
      name: "getBuildProperties",
      call: () => sdk.api.build.getBuildProperties(web, ended, ["text"]),
      expected: { count: 1, value: { text: { $type: "System.String", $value: "v" } } },
    },
    {
      name: "getBuilds with properties",
      call: async () =>
        (await sdk.builds({ definitions: [43], ids: [ended], properties: ["number"] }))[0]?.properties,
      expected: { number: { $type: "System.Int32", $value: 3 } },
    },
    {
      name: "addRetentionLeases",
      call: () =>
        sdk.api.build.addRetentionLeases(
          [{ daysValid: 3, definitionId: 43, ownerId: "User:me", protectPipeline: false, runId: ended }],
          web,
        ),
      expected: [object({ leaseId: 1, runId: ended, validUntil: expect.any(Date) })],
    },
    {
      name: "getRetentionLeasesForBuild",
      call: async () =>
        (await sdk.api.build.getRetentionLeasesForBuild(web, ended)).map(({ leaseId }) => leaseId),
      expected: [1],
    },
    {
      name: "getRetentionLeasesByOwnerId",
      call: () => sdk.api.build.getRetentionLeasesByOwnerId(web, "User:other"),
      expected: [],
    },
    {
      name: "updateRetentionLease",
      call: () => sdk.api.build.updateRetentionLease({ protectPipeline: true }, web, 1),
      expected: object({ protectPipeline: true }),
    },
    {
      name: "deleteRetentionLeasesById",
      call: async () => {
        await sdk.api.build.deleteRetentionLeasesById(web, [1]);
        return sdk.api.build.getRetentionLease(web, 1);
      },
      expected: null,
    },
    {
      name: "getRetentionSettings",
      call: () => sdk.api.build.getRetentionSettings(web),
      expected: object({ purgeRuns: expect.anything() }),
    },
  ])("keeps tags, properties and leases: $name", async ({ call, expected }) => {
    expect(await call()).toEqual(expected);
  });
});
