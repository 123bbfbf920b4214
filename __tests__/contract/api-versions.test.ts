import { getPersonalAccessTokenHandler, WebApi } from "azure-devops-node-api/WebApi.js";
import { describe, expect, it } from "vitest";
import { demoToken } from "../../simulator/index.ts";
import { openSimulator, sendRequest } from "./simulator-client.ts";

type Location = Readonly<Record<string, string>>;

async function locationsAt(maxApiVersion?: string) {
  await using client = await openSimulator({ quirks: maxApiVersion === undefined ? {} : { maxApiVersion } });
  const { json } = await sendRequest(`${client.simulator.organization}/_apis`, "OPTIONS");
  const list = json.value as readonly Location[];
  const find = (name: string) => list.find(({ resourceName }) => resourceName === name);
  return {
    list,
    versionsOf: (name: string) => [find(name)?.["maxVersion"], find(name)?.["releasedVersion"]],
  };
}

describe("the list of resource locations", () => {
  it("has the versions of Azure DevOps Services by default", async () => {
    const { versionsOf } = await locationsAt();
    expect(versionsOf("Builds")).toEqual(["7.2", "7.1"]);
    expect(versionsOf("runs")).toEqual(["7.2", "7.1"]);
    expect(versionsOf("pipelinePermissions")).toEqual(["7.2", "0.0"]);
  });

  it("has the versions of a server of 2020, where pipelines and approvals are a preview", async () => {
    const { list, versionsOf } = await locationsAt("6.0");
    expect(versionsOf("Builds")).toEqual(["6.0", "6.0"]);
    expect(versionsOf("preview")).toEqual(["6.0", "0.0"]);
    expect(versionsOf("stages")).toEqual(["6.0", "0.0"]);
    expect(list.map(({ resourceName }) => resourceName)).not.toContain("buildleases");
  });

  it("lets azure-devops-node-api use a version of a server of 2022", async () => {
    await using client = await openSimulator({ quirks: { maxApiVersion: "7.0" } });
    const connection = new WebApi(client.simulator.organization, getPersonalAccessTokenHandler(demoToken));
    const run = await (await connection.getPipelinesApi()).runPipeline({}, client.simulator.project, 42);
    expect(run.state).toBe(1);
    expect(client.simulator.requests.at(-1)?.headers["accept"]).toBe("application/json;api-version=7.0");
  });

  it("has no version in its content type", async () => {
    await using client = await openSimulator();
    const { headers } = await sendRequest(`${client.simulator.organization}/_apis/build`, "OPTIONS");
    expect(headers.get("content-type")).toBe("application/json; charset=utf-8");
  });
});

it.each([
  ["6.0", "POST", "pipelines/42/runs", "VssInvalidPreviewVersionException"],
  ["6.0", "GET", "pipelines/approvals", "VssInvalidPreviewVersionException"],
  ["7.0", "GET", "pipelines/approvals", "VssInvalidPreviewVersionException"],
  ["7.0", "POST", "pipelines/42/runs", undefined],
  ["6.0", "GET", "build/builds", undefined],
] as const)(
  "a server of version %s answers %s %s in that version with the error %s",
  async (version, method, path, typeKey) => {
    await using client = await openSimulator({ quirks: { maxApiVersion: version } });
    const body = method === "POST" ? {} : undefined;
    const released = await client.call(method, `${path}?api-version=${version}`, body);
    expect([released.status, released.json.typeKey]).toEqual([typeKey === undefined ? 200 : 400, typeKey]);
    const preview = await client.call(method, `${path}?api-version=${version}-preview`, body);
    expect(preview.status).toBe(200);
  },
);

it("a log as JSON has the requested version in its content type", async () => {
  await using client = await openSimulator();
  const id = await client.startRun(42);
  const { headers } = await client.call("GET", `build/builds/${id}/logs/1?api-version=5.1`);
  expect(headers.get("content-type")).toBe("application/json; charset=utf-8; api-version=5.1");
});
