import { describe, expect, it } from "vitest";
import { cancelBuild, listRecentRuns, readBuild } from "../../src/azure-devops/builds.ts";
import { readPipeline } from "../../src/azure-devops/pipelines.ts";
import { previewRun, readRun, startRun, tagRun } from "../../src/azure-devops/runs.ts";
import { createRunPoller } from "../../src/azure-devops/timeline.ts";
import { ActionError, ResponseTooLargeError, TransientError } from "../../src/errors.ts";
import { buildJson, runJson, timelineRecords } from "../support/azure-responses.ts";
import { createScriptedClient, jsonResponse, neverAborted, projectApiUrl } from "./scripted-client.ts";

const webAddress = (id: number) => `https://web/${id}`;

describe("the exact request of", () => {
  it("every call", async () => {
    const stage = createScriptedClient([jsonResponse(runJson())]);
    await startRun(stage.send, 42, { body: { a: "ü" } }, neverAborted);
    expect(stage.requests).toEqual([
      {
        method: "POST",
        url: `${projectApiUrl}pipelines/42/runs?api-version=7.1`,
        headers: {
          accept: "application/json",
          "x-tfs-fedauthredirect": "Suppress",
          authorization: "Bearer token-0",
          "content-type": "application/json",
        },
        body: '{"a":"ü"}',
        timeoutMs: 30_000,
        signal: neverAborted,
      },
    ]);
  });

  it("a call without a body: no content type either", async () => {
    const stage = createScriptedClient([jsonResponse(runJson())]);
    await readRun(stage.send, { pipelineId: 42, runId: 7 }, neverAborted);
    expect(stage.requestLines()).toEqual(["GET pipelines/42/runs/7?api-version=7.1"]);
    expect(stage.requests[0]).not.toHaveProperty("body");
    expect(stage.requests[0]?.headers).not.toHaveProperty("content-type");
  });

  it("the preview", async () => {
    const stage = createScriptedClient([jsonResponse({ finalYaml: "a: 1\n" })]);
    expect(await previewRun(stage.send, 42, { stagesToSkip: ["x"] }, neverAborted)).toBe("a: 1\n");
    expect(stage.requestLines()).toEqual(["POST pipelines/42/preview?api-version=7.1"]);
    expect(JSON.parse(stage.requests[0]?.body ?? "")).toEqual({ stagesToSkip: ["x"], previewRun: true });
  });

  it("the look, and what it takes with it", async () => {
    const stage = createScriptedClient([
      jsonResponse(buildJson("inProgress"), {
        headers: { "retry-after": "7", date: "Tue, 02 Jun 2026 14:41:20 GMT" },
      }),
    ]);
    const look = await readBuild(
      stage.send,
      { runId: 345, retryForMs: 0, timeoutMs: 5, runUrl: webAddress },
      neverAborted,
    );
    expect(stage.requestLines()).toEqual(["GET build/builds/345?api-version=7.1"]);
    expect(stage.requests[0]?.timeoutMs).toBe(5);
    expect(look).toMatchObject({
      retryAfterMs: 7_000,
      serviceTime: Date.parse("2026-06-02T14:41:20Z"),
      run: { id: 345, status: "inProgress", result: null },
    });
  });

  it("the cancel", async () => {
    const stage = createScriptedClient([jsonResponse(buildJson("cancelling"))]);
    await cancelBuild(stage.send, { runId: 345, retryForMs: 0, timeoutMs: 2_800 }, neverAborted);
    expect(stage.requestLines()).toEqual(["PATCH build/builds/345?api-version=7.1"]);
    expect(stage.requests[0]).toMatchObject({ body: '{"status":"cancelling"}', timeoutMs: 2_800 });
  });

  it("the tags", async () => {
    const stage = createScriptedClient([jsonResponse({ count: 1, value: ["a,b"] })]);
    await tagRun(stage.send, { runId: 345, tags: ["a,b"] }, neverAborted);
    expect(stage.requestLines()).toEqual(["POST build/builds/345/tags?api-version=7.1"]);
    expect(stage.requests[0]?.body).toBe('["a,b"]');
  });

  it("the newest runs: of one pipeline, in an order of its own", async () => {
    const stage = createScriptedClient([
      jsonResponse(
        { value: [buildJson("notStarted", { parameters: '{"system.debug":"true"}' })] },
        {
          headers: { "x-vss-userdata": "AAAA-BB:a@b", date: "Tue, 02 Jun 2026 14:41:20 GMT" },
        },
      ),
    ]);
    const recent = await listRecentRuns(
      stage.send,
      { pipelineId: 42, retryForMs: 0, runUrl: webAddress },
      neverAborted,
    );
    expect(stage.requestLines()).toEqual([
      "GET build/builds?definitions=42&queryOrder=queueTimeDescending&$top=200&api-version=7.1",
    ]);
    expect(recent).toMatchObject({
      callerId: "aaaa-bb",
      isComplete: true,
      serviceTime: Date.parse("2026-06-02T14:41:20Z"),
      candidates: [
        {
          id: 345,
          pipelineId: 42,
          variables: { "system.debug": "true" },
          parameters: undefined,
          requesterIds: [],
        },
      ],
    });
  });

  it("the pipeline's repository", async () => {
    const repository = { type: "GitHub", id: "octo/shop", url: "https://github.com/octo/shop.git" };
    const read = (defaultBranch?: string) =>
      jsonResponse({
        name: "ci",
        repository: { ...repository, ...(defaultBranch !== undefined && { defaultBranch }) },
      });
    const stage = createScriptedClient([read(), read("main"), read("refs/heads/main")]);
    const repositoryOf = () => readPipeline(stage.send, 42, neverAborted);
    expect(await repositoryOf()).toEqual({
      name: "ci",
      repository: { kind: "github", fullName: "octo/shop", host: "github.com" },
      defaultRef: null,
    });
    expect((await repositoryOf()).defaultRef).toBe("refs/heads/main");
    expect((await repositoryOf()).defaultRef).toBe("refs/heads/main");
    expect(stage.requestLines()[0]).toBe("GET build/definitions/42?api-version=7.1");
  });
});

describe("a start", () => {
  it.each<[string, Parameters<typeof createScriptedClient>[0][number]]>([
    ["is never repeated when the connection goes", new TransientError("the connection was lost")],
    [
      "nor after a gateway's answer",
      { status: 502, headers: { "content-type": "text/html" }, body: "<html>" },
    ],
    ["nor when the answer is no run", jsonResponse({ value: [] })],
    ["nor when the answer names a run that cannot be", jsonResponse({ id: 0, name: "1" })],
    ["nor when the answer is cut", { body: '{"id": 3' }],
    ["nor when the answer is about another pipeline", jsonResponse(runJson({ pipeline: { id: 43 } }))],
    [
      "nor when the answer is too large to read",
      new ResponseTooLargeError("unexpected-response", "Too large."),
    ],
  ])("%s", async (_, answer) => {
    const stage = createScriptedClient([answer]);
    await expect(startRun(stage.send, 42, {}, neverAborted)).rejects.toBeInstanceOf(TransientError);
    expect([stage.requests.length, stage.clock.sleeps]).toEqual([1, []]);
  });

  it.each([{ id: -1, state: "unknown" }, { finalYaml: "a: 1" }])(
    "has started nothing, for certain, where the answer is that to a preview: %j",
    async (answer) => {
      const stage = createScriptedClient([jsonResponse(answer)]);
      await expect(startRun(stage.send, 42, {}, neverAborted)).rejects.toMatchObject({
        code: "unexpected-response",
        message: expect.stringMatching(/^Nothing was started/),
      });
    },
  );

  it("shows no secret that the service hands back", async () => {
    const variables = { open: { value: "a" }, key: { value: "sesame", isSecret: true } };
    const stage = createScriptedClient([jsonResponse(runJson({ variables }))]);
    const { raw } = await startRun(stage.send, 42, {}, neverAborted);
    expect(raw).toEqual(runJson({ variables: { open: { value: "a" }, key: { isSecret: true } } }));
  });
});

describe("a preview without YAML", () => {
  it("is an unexpected response", async () => {
    const stage = createScriptedClient([jsonResponse({ id: -1 })]);
    await expect(previewRun(stage.send, 42, {}, neverAborted)).rejects.toMatchObject({
      code: "unexpected-response",
    });
  });
});

describe("a pair of eyes", () => {
  const timeline = (list: unknown, changeId: number) => jsonResponse({ records: list, changeId, id: "t" });

  it("looks once while the run is queued, twice while it can change, and once more at the end", async () => {
    const stage = createScriptedClient([
      jsonResponse(buildJson("notStarted")),
      jsonResponse(buildJson("postponed")),
      jsonResponse(buildJson("inProgress")),
      timeline(timelineRecords("inProgress"), 5),
      jsonResponse(buildJson("inProgress")),
      { status: 204 },
      jsonResponse(buildJson("completed")),
      timeline(timelineRecords("completed", "succeeded"), 9),
    ]);
    const look = createRunPoller(stage.send, 345, webAddress);
    const sizes: number[] = [];
    for (let count = 0; count < 5; count += 1) {
      sizes.push((await look({ retryForMs: 0 }, neverAborted)).records.size);
    }
    expect(sizes).toEqual([0, 0, 4, 4, 4]);
    expect(stage.requestLines()).toEqual([
      "GET build/builds/345?api-version=7.1",
      "GET build/builds/345?api-version=7.1",
      "GET build/builds/345?api-version=7.1",
      "GET build/builds/345/timeline?api-version=7.1",
      "GET build/builds/345?api-version=7.1",
      "GET build/builds/345/timeline?changeId=5&api-version=7.1",
      "GET build/builds/345?api-version=7.1",
      "GET build/builds/345/timeline?api-version=7.1",
    ]);
  });

  it("hands on the same records where nothing has changed", async () => {
    const stage = createScriptedClient([
      jsonResponse(buildJson("inProgress")),
      timeline(timelineRecords("inProgress"), 5),
      jsonResponse(buildJson("inProgress")),
      timeline([], 5),
      jsonResponse(buildJson("inProgress")),
      timeline(timelineRecords("inProgress"), 5),
    ]);
    const look = createRunPoller(stage.send, 345, webAddress);
    const first = await look({ retryForMs: 0 }, neverAborted);
    const second = await look({ retryForMs: 0 }, neverAborted);
    expect(second.records).toBe(first.records);
  });

  it("merges what has changed", async () => {
    const [stageRecord, ...rest] = timelineRecords("inProgress");
    const stage = createScriptedClient([
      jsonResponse(buildJson("inProgress")),
      timeline([stageRecord, ...rest], 5),
      jsonResponse(buildJson("inProgress")),
      timeline([{ ...stageRecord, state: "completed", result: "failed" }], 6),
    ]);
    const look = createRunPoller(stage.send, 345, webAddress);
    await look({ retryForMs: 0 }, neverAborted);
    const { records: seen } = await look({ retryForMs: 0 }, neverAborted);
    expect(seen.size).toBe(4);
    expect(seen.get("s")).toMatchObject({ status: "completed", result: "failed" });
  });

  it("asks for everything as long as there was nothing", async () => {
    const stage = createScriptedClient([
      jsonResponse(buildJson("inProgress")),
      timeline(null, 27),
      jsonResponse(buildJson("inProgress")),
      timeline([], 27),
    ]);
    const look = createRunPoller(stage.send, 345, webAddress);
    await look({ retryForMs: 0 }, neverAborted);
    await look({ retryForMs: 0 }, neverAborted);
    expect(stage.requestLines()[3]).toBe("GET build/builds/345/timeline?api-version=7.1");
  });

  it("asks for the timeline also where the first answer comes with a Retry-After, which is sat out once", async () => {
    const stage = createScriptedClient([
      jsonResponse(buildJson("inProgress"), { headers: { "retry-after": "3" } }),
      timeline(timelineRecords("inProgress"), 1),
    ]);
    const seen = await createRunPoller(stage.send, 345, webAddress)({ retryForMs: 0 }, neverAborted);
    expect([seen.records.size, stage.requests.length]).toEqual([4, 2]);
    expect([stage.clock.sleeps, seen.retryAfterMs]).toEqual([[3_000], undefined]);
  });

  it("hands on the wish of the timeline's answer, even of a refusal", async () => {
    const stage = createScriptedClient([
      jsonResponse(buildJson("inProgress")),
      { status: 429, headers: { "retry-after": "8" }, body: "slow down" },
    ]);
    const seen = await createRunPoller(stage.send, 345, webAddress)({ retryForMs: 0 }, neverAborted);
    expect(seen.retryAfterMs).toBe(8_000);
  });

  it("may have a time limit of any fraction", async () => {
    const stage = createScriptedClient([jsonResponse(buildJson("notStarted"))]);
    const options = { retryForMs: 0.25, timeoutMs: 3_948.672_363 };
    const seen = await createRunPoller(stage.send, 345, webAddress)(options, neverAborted);
    expect(seen.run.status).toBe("notStarted");
  });

  it("looks at the timeline of a queued run when it is to be thorough", async () => {
    const stage = createScriptedClient([
      jsonResponse(buildJson("notStarted")),
      timeline(timelineRecords("pending"), 1),
    ]);
    await createRunPoller(
      stage.send,
      345,
      webAddress,
    )({ retryForMs: 0, alwaysReadTimeline: true }, neverAborted);
    expect(stage.requests).toHaveLength(2);
  });

  it("hands its time limit on to both requests", async () => {
    const stage = createScriptedClient([jsonResponse(buildJson("inProgress")), timeline([], 1)]);
    await createRunPoller(stage.send, 345, webAddress)({ retryForMs: 0, timeoutMs: 4_000 }, neverAborted);
    expect(stage.requests.map(({ timeoutMs }) => timeoutMs)).toEqual([4_000, 4_000]);
  });

  it("does without a timeline, whatever is the matter with it, unless the token is refused", async () => {
    for (const answer of [
      new TransientError("lost"),
      { status: 500 },
      { status: 403 },
      { status: 404 },
      { body: "{" },
    ]) {
      const stage = createScriptedClient([jsonResponse(buildJson("inProgress")), answer]);
      const seen = await createRunPoller(stage.send, 345, webAddress)({ retryForMs: 0 }, neverAborted);
      expect([seen.run.status, seen.records.size]).toEqual(["inProgress", 0]);
    }
    const refused = createScriptedClient([jsonResponse(buildJson("inProgress")), { status: 401 }]);
    const look = createRunPoller(refused.send, 345, webAddress);
    await expect(look({ retryForMs: 0 }, neverAborted)).rejects.toBeInstanceOf(ActionError);
  });

  it("has ten seconds for the last page of the story", async () => {
    const stage = createScriptedClient([jsonResponse(buildJson("completed")), { status: 503 }]);
    await createRunPoller(stage.send, 345, webAddress)({ retryForMs: 0 }, neverAborted);
    expect(stage.clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBe(10_000);
  });
});
