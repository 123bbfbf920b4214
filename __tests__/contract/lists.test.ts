import { expect, test } from "vitest";
import type { PipelineSpec } from "../../simulator/index.ts";
import { openSimulator, sendRequest } from "./simulator-client.ts";

const ids = (json: { readonly value: readonly { readonly id: number }[] }) => json.value.map(({ id }) => id);

test("the list of builds lacks a new run in the first two responses with listLag: 2", async () => {
  await using client = await openSimulator({ quirks: { listLag: 2 } });
  const id = await client.startRun(42);
  const list = async () =>
    ids((await client.call("GET", "build/builds?definitions=42&queryOrder=queueTimeDescending&$top=3")).json);
  expect(await list()).not.toContain(id);
  expect(await list()).not.toContain(id);
  expect((await list())[0]).toBe(id);
});

test.each(["", "&queryOrder=queueTimeDescending", "&queryOrder=5", "&queryOrder=finishTimeAscending"])(
  "the pages of the list of builds have every build once, with the query %j",
  async (order) => {
    await using client = await openSimulator();
    await client.startRun(42);
    await client.startRun(42);
    const all = ids((await client.call("GET", `build/builds?$top=1000${order}`)).json);
    const [found, tokens]: [number[], string[]] = [[], []];
    for (let token: string | null = ""; token !== null; ) {
      const query = `$top=3${order}&continuationToken=${encodeURIComponent(token)}`;
      const page = await client.call("GET", `build/builds?${query}`);
      found.push(...ids(page.json));
      token = page.headers.get("x-ms-continuationtoken");
      if (token !== null) tokens.push(token);
    }
    expect(found).toEqual(all);
    expect(new Set(tokens).size).toBe(tokens.length);
  },
);

test.each(["queueTimeDescending", "queueTimeAscending", "finishTimeDescending"])(
  "the pages in the order %s go on after the build at which the next one begins was deleted",
  async (order) => {
    await using client = await openSimulator();
    await client.startRun(42);
    await client.startRun(42);
    client.simulator.advance(600);
    const path = `build/builds?definitions=42&queryOrder=${order}`;
    const all = ids((await client.call("GET", path)).json);
    const first = await client.call("GET", `${path}&$top=3`);
    await client.call("DELETE", `build/builds/${all[3]}?api-version=7.1`);
    const token = encodeURIComponent(first.headers.get("x-ms-continuationtoken") ?? "");
    const second = await client.call("GET", `${path}&$top=1000&continuationToken=${token}`);
    expect([...ids(first.json), ...ids(second.json)]).toEqual(all.filter((id) => id !== all[3]));
  },
);

test("the list of projects has one page", async () => {
  await using client = await openSimulator();
  const count = async (query: string) =>
    (await sendRequest(`${client.simulator.organization}/_apis/projects?${query}`)).json.count;
  expect([await count("$top=100"), await count("$top=100&$skip=1")]).toEqual([1, 0]);
});

test("the list of builds ignores a continuation token without queryOrder if tokenWithoutOrder is ignored", async () => {
  await using client = await openSimulator({ quirks: { tokenWithoutOrder: "ignored" } });
  const path = "build/builds?definitions=42&$top=4";
  const first = await client.call("GET", `${path}&queryOrder=queueTimeDescending`);
  const token = encodeURIComponent(first.headers.get("x-ms-continuationtoken") ?? "");
  const second = await client.call(
    "GET",
    `${path}&queryOrder=queueTimeDescending&continuationToken=${token}`,
  );
  expect(new Set([...ids(first.json), ...ids(second.json)]).size).toBe(8);
  const lost = await client.call("GET", `${path}&continuationToken=${token}`);
  expect(ids(lost.json)).toEqual(ids((await client.call("GET", path)).json));
});

test("the list of builds filters by status, branch, requester, tag, time and id; blank definitions match all", async () => {
  let time = Date.parse("2026-11-22T10:00:00Z");
  const who = {
    id: "3f1c8b52-3d0e-4c55-8a3e-5b1d1f1b7a10",
    displayName: "Ada",
    uniqueName: "ada@contoso.example",
  };
  await using client = await openSimulator({
    now: () => time,
    identity: (credential) => ({ ...who, displayName: credential.kind === "bearer" ? "Bob" : "Ada" }),
  });
  const first = await client.startRun(42);
  time += 60_000;
  const second = await client.startRun(42, {
    resources: { repositories: { self: { refName: "refs/heads/topic" } } },
  });
  await client.call("PUT", `build/builds/${second}/tags/gate%201?api-version=7.1`);
  const found = async (query: string) =>
    ids((await client.call("GET", `build/builds?queryOrder=queueTimeDescending&${query}`)).json);
  expect(await found("statusFilter=notStarted")).toEqual([second, first]);
  expect(await found("branchName=refs/heads/topic")).toEqual([second]);
  expect(await found("definitions=42&minTime=2026-11-22T10:00:30Z")).toEqual([second]);
  expect(await found("tagFilters=GATE%201")).toEqual([second]);
  expect(await found("requestedFor=bob")).toEqual([]);
  expect(await found(`buildIds=${first},${second}`)).toEqual([second, first]);
  expect((await found("definitions=")).length).toBeGreaterThan(12);
});

test("the list of definitions filters by name, with wildcards, and by folder", async () => {
  const spec = (id: number, name: string, folder = "\\"): PipelineSpec => ({
    id,
    name,
    folder,
    repository: { type: "TfsGit", name: "web", defaultBranch: "refs/heads/main" },
    stages: [],
  });
  await using client = await openSimulator({
    pipelines: [spec(1, "deploy"), spec(2, "Deploy", "\\a\\b"), spec(3, "de.loy")],
  });
  const found = async (query: string) => ids((await client.call("GET", `build/definitions?${query}`)).json);
  expect(await found("name=deploy")).toEqual([1, 2]);
  expect(await found("name=de.*")).toEqual([3]);
  expect(await found("name=d*y&path=%5Ca%5Cb")).toEqual([2]);
  const none = await client.call("GET", "build/definitions?name=nothing");
  expect([none.status, none.json]).toEqual([200, { count: 0, value: [] }]);
});

test("the list of definitions misses a name with a leading dot, and the names in missedBy", async () => {
  const common = {
    repository: { type: "TfsGit", name: "web", defaultBranch: "refs/heads/main" },
    stages: [],
  } as const;
  const pipelines: PipelineSpec[] = [
    { ...common, id: 1, name: ".NET CI" },
    { ...common, id: 2, name: "odd", missedBy: ["name", "path"], folder: "\\a" },
  ];
  await using client = await openSimulator({ pipelines });
  const found = async (query: string) => ids((await client.call("GET", `build/definitions?${query}`)).json);
  expect(await found("name=.NET CI")).toEqual([]);
  expect(await found("name=odd")).toEqual([]);
  expect(await found("path=%5Ca")).toEqual([]);
  expect(await found("")).toEqual([1, 2]);
});

test("adding or removing a tag returns all tags of the run", async () => {
  await using client = await openSimulator();
  const id = await client.startRun(42);
  const tags = (method: string, rest = "", body?: unknown) =>
    client
      .call(method, `build/builds/${id}/tags${rest}?api-version=7.1`, body)
      .then(({ json }) => json.value);
  expect(await tags("POST", "", ["a", "b"])).toEqual(["a", "b"]);
  expect(await tags("PUT", "/c")).toEqual(["a", "b", "c"]);
  expect(await tags("DELETE", "/A")).toEqual(["b", "c"]);
  expect(client.simulator.runs[0]?.tags).toEqual(["b", "c"]);
});

test("a pipeline artifact is downloaded via two redirects to a host that rejects credentials", async () => {
  await using client = await openSimulator();
  const id = await client.startRun(42);
  expect((await client.call("GET", `build/builds/${id}/artifacts`)).json.count).toBe(0);
  client.simulator.advance(60);
  const list = await client.call("GET", `build/builds/${id}/artifacts`);
  const [packed, release] = list.json.value;
  expect([packed.resource.type, release.resource.type]).toEqual(["PipelineArtifact", "Container"]);
  expect(new URL(packed.resource.downloadUrl).hostname).toBe("localhost");
  const redirect = await sendRequest(packed.resource.downloadUrl);
  const location = redirect.headers.get("location") ?? "";
  expect([redirect.status, new URL(location).host]).not.toEqual([302, new URL(client.simulator.url).host]);
  expect((await sendRequest(location)).status).toBe(400);
  const plain = await fetch(location);
  expect([plain.status, plain.headers.get("content-type")]).toEqual([200, "application/zip"]);
  expect(Buffer.from(await plain.arrayBuffer()).toString("latin1")).toContain("web-package/web.js");
  const signed = await client.call(
    "GET",
    `pipelines/42/runs/${id}/artifacts?artifactName=release&$expand=signedContent`,
  );
  expect((await fetch(signed.json.signedContent.url)).status).toBe(200);
  expect((await sendRequest(release.resource.downloadUrl)).text).toMatch(/^PK/);
});

test("test results have other outcomes, details of failures, and the results of every attempt", async () => {
  const flaky: PipelineSpec = {
    id: 1,
    name: "flaky",
    repository: { type: "TfsGit", name: "web", defaultBranch: "refs/heads/main" },
    stages: [
      {
        name: "Test",
        jobs: [{ name: "Do", tasks: [{ name: "it", seconds: 1, result: ["failed", "succeeded"] }] }],
      },
    ],
    tests: [
      {
        passed: 3,
        failed: 2,
        newFailures: 1,
        otherOutcomes: { Aborted: 5, Timeout: 2 },
        failures: [{ name: "adds", errorMessage: "expected 2", stackTrace: "at add (src/add.ts:3:5)" }, {}],
      },
      { passed: 5, failed: 0 },
    ],
  };
  await using client = await openSimulator({ pipelines: [flaky] });
  const id = await client.startRun(1);
  client.simulator.advance(10);
  const summary = async () =>
    (await client.call("GET", `test/ResultSummaryByBuild?buildId=${id}&api-version=7.1-preview.3`)).json;
  expect(await summary()).toMatchObject({
    aggregatedResultsAnalysis: {
      totalTests: 12,
      resultsByOutcome: { Aborted: { outcome: "aborted", count: 5 } },
    },
    testFailures: { newFailures: { count: 1 }, existingFailures: { count: 1 } },
  });
  await client.call("PATCH", `build/builds/${id}?retry=true&api-version=7.1`, {});
  client.simulator.advance(10);
  expect((await summary()).testFailures.newFailures.count).toBe(0);
  const runs = (await client.call("GET", `test/runs?buildIds=${id}&api-version=7.1`)).json.value;
  expect(runs).toMatchObject(
    [1, 2].map((attempt) => ({ pipelineReference: { stageReference: { attempt } } })),
  );
  const failed = (await client.call("GET", `test/runs/${runs[0].id}/results?outcomes=Failed`)).json.value;
  expect(failed[0]).toMatchObject({ errorMessage: "expected 2", stackTrace: "at add (src/add.ts:3:5)" });
  const one = await client.call("GET", `test/runs/${runs[0].id}/results/${failed[1].id}`);
  expect(one.json).toMatchObject({ testCaseTitle: "Failed test 2", errorMessage: expect.any(String) });
  expect((await client.call("GET", "test/runs/99/results")).json.typeKey).toBe("TestObjectNotFoundException");
});

test("test results are empty before the run ends, then have the counts and the failed tests", async () => {
  await using client = await openSimulator({ quirks: { testLag: 1 } });
  const id = await client.startRun(43);
  const summary = () =>
    client.call("GET", `testresults/resultsummarybybuild?buildId=${id}&api-version=7.1-preview.1`);
  expect((await summary()).json.message).toBe(`Build ${id} cannot be found.`);
  expect((await summary()).json.aggregatedResultsAnalysis.resultsByOutcome).toEqual({});
  client.simulator.advance(60);
  expect((await summary()).json.aggregatedResultsAnalysis).toMatchObject({
    totalTests: 413,
    resultsByOutcome: { Passed: { outcome: "passed", count: 412 }, Failed: { outcome: "failed", count: 1 } },
  });
  const runs = await client.call("GET", `test/runs?buildUri=vstfs:///Build/Build/${id}&api-version=7.1`);
  const results = await client.call(
    "GET",
    `test/Runs/${runs.json.value[0].id}/results?outcomes=Failed&api-version=7.1`,
  );
  expect(results.json.value).toMatchObject([
    { testCaseTitle: "Health ▸ answers within a second", outcome: "Failed" },
  ]);
});
