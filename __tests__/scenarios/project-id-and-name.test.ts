import { describe, expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { requestHash, rerunTag } from "../../src/core/rerun-tag.ts";
import {
  buildJson,
  buildList,
  happyPath,
  pollRoute,
  startRequestLine,
  statusReplies,
} from "../support/azure-responses.ts";
import { expectFailure, inputsFor } from "../support/scenario.ts";
import { scriptedAzure } from "../support/scripted-azure.ts";

const web = { id: "0a1b2c3d-0000-4000-8000-00000000abcd", name: "web" };

const another = "ffffffff-0000-4000-8000-00000000abcd";

const definition = "GET build/definitions/42";

const body = { resources: { repositories: { self: { refName: "refs/heads/main" } } } };

const tag = rerunTag({
  workflowRunId: "17000000001",
  attempt: 1,
  key: "build/0/ado",
  requestHash: requestHash({ pipelineId: 42, body }),
});

const repository = { type: "TfsGit", id: "1", name: "web" };

const answers = {
  ...happyPath,
  [definition]: { body: { id: 42, name: "ci", repository, project: web } },
  [pollRoute]: { body: buildJson("completed", { project: web }) },
  "GET build/builds": buildList(buildJson("completed", { project: web, tags: [tag] })),
  "POST build/builds/345/tags": { body: { count: 1, value: [tag] } },
};

/** A step whose `url` contains the project name `web`, and whose `project` is a GUID. */
async function played(
  project: string,
  address: string,
  more: Readonly<Record<string, string>> = {},
  attempt = 1,
) {
  await using azure = await scriptedAzure(answers);
  const url = `${azure.organization}/web/_build${address}`;
  const inputs = { organization: "", "pipeline-id": "", ref: "", wait: "false", project, url, ...more };
  const result = await runAction(inputsFor(azure, inputs), { attempt });
  return { ...result, lines: azure.requestLines() };
}

describe.concurrent("a project's GUID together with a URL that contains its name", () => {
  it.each([
    ["a pipeline", "?definitionId=42", {}, 1],
    ["of a run", "/results?buildId=345", {}, 1],
    ["a pipeline whose run is attached to", "?definitionId=42", { ref: "main", "on-rerun": "attach" }, 2],
  ])("is rejected if it is another project: the URL of %s", async (_, address, more, attempt) => {
    const result = await played(another, address, more, attempt);
    expect(expectFailure(result, "bad-input")).toContain(
      `project: ${another} contradicts the input \`url\`, whose project is web, ${web.id}.`,
    );
    expect(result.lines).toHaveLength(1);
    expect(result.lines[0]).toMatch(/^GET build/);
  });

  it("is accepted if it is the same project, in any case", async () => {
    const { main, lines } = await played(web.id.toUpperCase(), "?definitionId=42");
    expect(main.exitCode, main.log).toBe(0);
    expect(lines).toEqual([`${definition}?api-version=7.1`, startRequestLine]);
  });

  it("causes no additional request", async () => {
    const { main, lines } = await played(another, "?definitionId=42", { ref: "main" });
    expect([main.exitCode, lines], main.log).toEqual([0, [startRequestLine]]);
  });
});

it("a project's GUID with a URL that contains a name is accepted if the service does not return the project", async () => {
  await using azure = await scriptedAzure({
    [`GET /contoso/${web.id}/_apis/build/builds/345`]: statusReplies("inProgress"),
    [`GET /contoso/${web.id}/_apis/pipelines/42/runs/345`]: { status: 404 },
  });
  const url = `${azure.organization}/${web.id}/_build/results?buildId=345`;
  const inputs = { organization: "", "pipeline-id": "", ref: "", wait: "false", project: "shop", url };
  const { main } = await runAction(inputsFor(azure, inputs));
  expect(main.exitCode, main.log).toBe(0);
});

describe.concurrent("a project that was renamed, with its earlier name in the inputs", () => {
  const renamed = { id: web.id, name: "shop" };
  const poll = (status: string) => ({ body: buildJson(status, { project: renamed }) });
  const responses = {
    ...happyPath,
    [pollRoute]: [poll("inProgress"), poll("inProgress"), poll("completed")],
    "GET build/builds": buildList(buildJson("inProgress", { project: renamed })),
  };

  it.each([
    ["started", {}],
    ["followed", { "pipeline-id": "", ref: "", "run-id": "345" }],
    ["found", { "find-run": "ref" }],
  ])("is followed to the end of a run that is %s, and identified once", async (_, more) => {
    await using azure = await scriptedAzure({
      ...responses,
      [definition]: { body: { id: 42, name: "ci", repository, project: renamed } },
    });
    const { main } = await runAction(inputsFor(azure, { summary: "false", logs: "none", ...more }));
    expect([main.exitCode, main.outputs["result"]], main.log).toEqual([0, "succeeded"]);
    expect(azure.requestLines().filter((line) => line.startsWith(definition))).toHaveLength(1);
  });
});
