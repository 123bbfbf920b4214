import { describe, expect, it } from "vitest";
import { cancelBuild, listRecentRuns, readBuild } from "../../src/azure-devops/builds.ts";
import { readPipeline } from "../../src/azure-devops/pipelines.ts";
import { previewRun, readRun, startRun, tagRun } from "../../src/azure-devops/runs.ts";
import { createRunPoller } from "../../src/azure-devops/timeline.ts";
import { ActionError, ResponseTooLargeError, TransientError } from "../../src/errors.ts";
import { buildJson, runJson, timelineRecords } from "../support/azure-responses.ts";
import { createScriptedClient, jsonResponse, neverAborted, projectApiUrl } from "./scripted-client.ts";

const webUrlOf = (id: number) => `https://web/${id}`;

describe("the request", () => {
  it("to start a run has the method, URL, headers, body and time limit", async () => {
    const client = createScriptedClient([jsonResponse(runJson())]);
    await startRun(client.send, 42, { body: { a: "ü" } }, neverAborted);
    expect(client.requests).toEqual([
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

  it("to read a run has neither a body nor a content type", async () => {
    const client = createScriptedClient([jsonResponse(runJson())]);
    await readRun(client.send, { pipelineId: 42, runId: 345 }, neverAborted);
    expect(client.requestLines()).toEqual(["GET pipelines/42/runs/345?api-version=7.1"]);
    expect(client.requests[0]).not.toHaveProperty("body");
    expect(client.requests[0]?.headers).not.toHaveProperty("content-type");
  });

  it("for a preview has previewRun: true in the body", async () => {
    const client = createScriptedClient([jsonResponse({ finalYaml: "a: 1\n" })]);
    expect(await previewRun(client.send, 42, { stagesToSkip: ["x"] }, neverAborted)).toBe("a: 1\n");
    expect(client.requestLines()).toEqual(["POST pipelines/42/preview?api-version=7.1"]);
    expect(JSON.parse(client.requests[0]?.body ?? "")).toEqual({ stagesToSkip: ["x"], previewRun: true });
  });

  it("for a poll has the time limit, and the response's Retry-After and Date are returned", async () => {
    const client = createScriptedClient([
      jsonResponse(buildJson("inProgress"), {
        headers: { "retry-after": "7", date: "Tue, 02 Jun 2026 14:41:20 GMT" },
      }),
    ]);
    const poll = await readBuild(
      client.send,
      { runId: 345, retryForMs: 0, timeoutMs: 5, runUrl: webUrlOf },
      neverAborted,
    );
    expect(client.requestLines()).toEqual(["GET build/builds/345?api-version=7.1"]);
    expect(client.requests[0]?.timeoutMs).toBe(5);
    expect(poll).toMatchObject({
      retryAfterMs: 7_000,
      serviceTime: Date.parse("2026-06-02T14:41:20Z"),
      run: { id: 345, status: "inProgress", result: null },
    });
  });

  it("to cancel has the status cancelling and the time limit", async () => {
    const client = createScriptedClient([jsonResponse(buildJson("cancelling"))]);
    await cancelBuild(client.send, { runId: 345, retryForMs: 0, timeoutMs: 2_800 }, neverAborted);
    expect(client.requestLines()).toEqual(["PATCH build/builds/345?api-version=7.1"]);
    expect(client.requests[0]).toMatchObject({ body: '{"status":"cancelling"}', timeoutMs: 2_800 });
  });

  it("to add tags has a list of tags", async () => {
    const client = createScriptedClient([jsonResponse({ count: 1, value: ["a,b"] })]);
    await tagRun(client.send, { runId: 345, tags: ["a,b"] }, neverAborted);
    expect(client.requestLines()).toEqual(["POST build/builds/345/tags?api-version=7.1"]);
    expect(client.requests[0]?.body).toBe('["a,b"]');
  });

  it("for the newest runs has the pipeline and the order", async () => {
    const client = createScriptedClient([
      jsonResponse(
        { value: [buildJson("notStarted", { parameters: '{"system.debug":"true"}' })] },
        {
          headers: { "x-vss-userdata": "AAAA-BB:a@b", date: "Tue, 02 Jun 2026 14:41:20 GMT" },
        },
      ),
    ]);
    const recent = await listRecentRuns(
      client.send,
      { pipelineId: 42, retryForMs: 0, runUrl: webUrlOf },
      neverAborted,
    );
    expect(client.requestLines()).toEqual([
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

  it("for the pipeline's repository reads the definition", async () => {
    const repository = { type: "GitHub", id: "octo/shop", url: "https://github.com/octo/shop.git" };
    const read = (defaultBranch?: string) =>
      jsonResponse({
        name: "ci",
        repository: { ...repository, ...(defaultBranch !== undefined && { defaultBranch }) },
      });
    const client = createScriptedClient([read(), read("main"), read("refs/heads/main")]);
    const repositoryOf = () => readPipeline(client.send, 42, neverAborted);
    expect(await repositoryOf()).toEqual({
      name: "ci",
      repository: { kind: "github", fullName: "octo/shop", host: "github.com" },
      defaultRef: null,
    });
    expect((await repositoryOf()).defaultRef).toBe("refs/heads/main");
    expect((await repositoryOf()).defaultRef).toBe("refs/heads/main");
    expect(client.requestLines()[0]).toBe("GET build/definitions/42?api-version=7.1");
  });
});

describe("a start", () => {
  it.each<[string, Parameters<typeof createScriptedClient>[0][number]]>([
    ["the connection is lost", new TransientError("the connection was lost")],
    ["a gateway responds", { status: 502, headers: { "content-type": "text/html" }, body: "<html>" }],
    ["the response is not a run", jsonResponse({ value: [] })],
    ["the response has the run id 0", jsonResponse({ id: 0, name: "1" })],
    ["the response is truncated", { body: '{"id": 3' }],
    ["the response is about another pipeline", jsonResponse(runJson({ pipeline: { id: 43 } }))],
    ["the response is too large", new ResponseTooLargeError("unexpected-response", "Too large.")],
  ])("is not repeated if %s", async (_, response) => {
    const client = createScriptedClient([response]);
    await expect(startRun(client.send, 42, {}, neverAborted)).rejects.toBeInstanceOf(TransientError);
    expect([client.requests.length, client.clock.sleeps]).toEqual([1, []]);
  });

  it.each([{ id: -1, state: "unknown" }, { finalYaml: "a: 1" }])(
    "has certainly started nothing if the response is that of a preview: %j",
    async (answer) => {
      const client = createScriptedClient([jsonResponse(answer)]);
      await expect(startRun(client.send, 42, {}, neverAborted)).rejects.toMatchObject({
        code: "unexpected-response",
        message: expect.stringMatching(/^Nothing was started/),
      });
    },
  );

  it("returns no secret that the service sends back", async () => {
    const variables = { open: { value: "a" }, key: { value: "sesame", isSecret: true } };
    const client = createScriptedClient([jsonResponse(runJson({ variables }))]);
    const { raw } = await startRun(client.send, 42, {}, neverAborted);
    expect(raw).toEqual(runJson({ variables: { open: { value: "a" }, key: { isSecret: true } } }));
  });
});

describe("a poll", () => {
  it("is repeated if the response is too large to read", async () => {
    const tooLarge = new ResponseTooLargeError("unexpected-response", "Too large.");
    const client = createScriptedClient([tooLarge, jsonResponse(buildJson("inProgress"))]);
    const options = { runId: 345, runUrl: webUrlOf, toleratesOutage: true, retryForMs: 60_000 };
    const { run } = await readBuild(client.send, options, neverAborted);
    expect([run.id, client.requests.length]).toEqual([345, 2]);
  });
});

describe("the details of a run", () => {
  it.each([
    ["pipeline", runJson({ pipeline: { id: 43 } })],
    ["run", runJson({ id: 346 })],
  ])("are requested again if the response is about another %s", async (_, other) => {
    const client = createScriptedClient([jsonResponse(other), jsonResponse(runJson())]);
    const run = await readRun(client.send, { pipelineId: 42, runId: 345 }, neverAborted);
    expect([run.id, client.requests.length]).toEqual([345, 2]);
  });
});

describe("a preview without YAML", () => {
  it("is an unexpected response", async () => {
    const client = createScriptedClient([jsonResponse({ id: -1 })]);
    await expect(previewRun(client.send, 42, {}, neverAborted)).rejects.toMatchObject({
      code: "unexpected-response",
    });
  });
});

describe("the run poller", () => {
  const timeline = (list: unknown, changeId: number) => jsonResponse({ records: list, changeId, id: "t" });

  it("sends one request per poll while the run is queued, two while it is in progress, and two at the end", async () => {
    const client = createScriptedClient([
      jsonResponse(buildJson("notStarted")),
      jsonResponse(buildJson("postponed")),
      jsonResponse(buildJson("inProgress")),
      timeline(timelineRecords("inProgress"), 5),
      jsonResponse(buildJson("inProgress")),
      { status: 204 },
      jsonResponse(buildJson("completed")),
      timeline(timelineRecords("completed", "succeeded"), 9),
    ]);
    const poll = createRunPoller(client.send, 345, webUrlOf);
    const sizes: number[] = [];
    for (let count = 0; count < 5; count += 1) {
      sizes.push((await poll({ retryForMs: 0 }, neverAborted)).tree.stages.length);
    }
    expect(sizes).toEqual([0, 0, 1, 1, 1]);
    expect(client.requestLines()).toEqual([
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

  it("returns the same tree if nothing has changed", async () => {
    const client = createScriptedClient([
      jsonResponse(buildJson("inProgress")),
      timeline(timelineRecords("inProgress"), 5),
      jsonResponse(buildJson("inProgress")),
      timeline([], 5),
      jsonResponse(buildJson("inProgress")),
      timeline(timelineRecords("inProgress"), 5),
    ]);
    const poll = createRunPoller(client.send, 345, webUrlOf);
    const first = await poll({ retryForMs: 0 }, neverAborted);
    const second = await poll({ retryForMs: 0 }, neverAborted);
    const repeated = await poll({ retryForMs: 0 }, neverAborted);
    expect([second.tree === first.tree, repeated.tree === first.tree]).toEqual([true, true]);
  });

  it("merges changed records", async () => {
    const [stageRecord, ...others] = timelineRecords("inProgress");
    const client = createScriptedClient([
      jsonResponse(buildJson("inProgress")),
      timeline([stageRecord, ...others], 5),
      jsonResponse(buildJson("inProgress")),
      timeline([{ ...stageRecord, state: "completed", result: "failed" }], 6),
    ]);
    const poll = createRunPoller(client.send, 345, webUrlOf);
    await poll({ retryForMs: 0 }, neverAborted);
    const { tree } = await poll({ retryForMs: 0 }, neverAborted);
    expect(tree.stages).toMatchObject([
      { status: "completed", result: "failed", jobs: [{ status: "inProgress" }] },
    ]);
  });

  it("requests the whole timeline as long as it was empty", async () => {
    const client = createScriptedClient([
      jsonResponse(buildJson("inProgress")),
      timeline(null, 27),
      jsonResponse(buildJson("inProgress")),
      timeline([], 27),
    ]);
    const poll = createRunPoller(client.send, 345, webUrlOf);
    await poll({ retryForMs: 0 }, neverAborted);
    await poll({ retryForMs: 0 }, neverAborted);
    expect(client.requestLines()[3]).toBe("GET build/builds/345/timeline?api-version=7.1");
  });

  it("waits for the Retry-After of the run's response once, and then requests the timeline", async () => {
    const client = createScriptedClient([
      jsonResponse(buildJson("inProgress"), { headers: { "retry-after": "3" } }),
      timeline(timelineRecords("inProgress"), 1),
    ]);
    const polled = await createRunPoller(client.send, 345, webUrlOf)({ retryForMs: 0 }, neverAborted);
    expect([polled.tree.stages.length, client.requests.length]).toEqual([1, 2]);
    expect([client.clock.sleeps, polled.retryAfterMs]).toEqual([[3_000], undefined]);
  });

  it.each<[string, Record<string, string>, number[]]>([
    ["waits for the Retry-After of the response that shows the end", {}, [3_000]],
    ["does not wait if the service delayed that response", { "x-ratelimit-delay": "2.5" }, []],
  ])("before it requests the last timeline, %s", async (_, delay, sleeps) => {
    const headers = { "retry-after": "3", ...delay };
    const client = createScriptedClient([
      jsonResponse(buildJson("completed"), { headers }),
      timeline(timelineRecords("completed", "succeeded"), 1),
    ]);
    await createRunPoller(client.send, 345, webUrlOf)({ retryForMs: 0 }, neverAborted);
    expect(client.clock.sleeps).toEqual(sleeps);
  });

  it("returns the Retry-After of the timeline's response, even of an error", async () => {
    const client = createScriptedClient([
      jsonResponse(buildJson("inProgress")),
      { status: 429, headers: { "retry-after": "8" }, body: "slow down" },
    ]);
    const polled = await createRunPoller(client.send, 345, webUrlOf)({ retryForMs: 0 }, neverAborted);
    expect(polled.retryAfterMs).toBe(8_000);
  });

  it("accepts a time limit with a fraction of a millisecond", async () => {
    const client = createScriptedClient([jsonResponse(buildJson("notStarted"))]);
    const options = { retryForMs: 0.25, timeoutMs: 3_948.672_363 };
    const polled = await createRunPoller(client.send, 345, webUrlOf)(options, neverAborted);
    expect(polled.run.status).toBe("notStarted");
  });

  it("reads the timeline of a queued run with alwaysReadTimeline", async () => {
    const client = createScriptedClient([
      jsonResponse(buildJson("notStarted")),
      timeline(timelineRecords("pending"), 1),
    ]);
    await createRunPoller(
      client.send,
      345,
      webUrlOf,
    )({ retryForMs: 0, alwaysReadTimeline: true }, neverAborted);
    expect(client.requests).toHaveLength(2);
  });

  it("reads the timeline of a queued run with readQueuedTimeline, less often while the service throttles", async () => {
    const delayed = { headers: { "x-ratelimit-delay": "2" } };
    const queued = jsonResponse(buildJson("notStarted"));
    const shown = timeline(timelineRecords("pending"), 1);
    const client = createScriptedClient([
      ...[queued, shown, queued, shown],
      jsonResponse(buildJson("notStarted"), delayed),
      queued,
    ]);
    const poll = createRunPoller(client.send, 345, webUrlOf);
    const saved: unknown[] = [];
    for (let count = 0; count < 4; count += 1)
      saved.push((await poll({ retryForMs: 0, readQueuedTimeline: true }, neverAborted)).savesRequests);
    expect(client.requestLines().map((line) => line.includes("timeline"))).toEqual([
      ...[false, true, false, true],
      ...[false, false],
    ]);
    expect(saved).toEqual([false, false, true, true]);
  });

  it("uses its time limit for both requests", async () => {
    const client = createScriptedClient([jsonResponse(buildJson("inProgress")), timeline([], 1)]);
    await createRunPoller(client.send, 345, webUrlOf)({ retryForMs: 0, timeoutMs: 4_000 }, neverAborted);
    expect(client.requests.map(({ timeoutMs }) => timeoutMs)).toEqual([4_000, 4_000]);
  });

  it("works without a timeline after any error except a rejected token", async () => {
    for (const response of [
      new TransientError("lost"),
      { status: 500 },
      { status: 403 },
      { status: 404 },
      { body: "{" },
    ]) {
      const client = createScriptedClient([jsonResponse(buildJson("inProgress")), response]);
      const polled = await createRunPoller(client.send, 345, webUrlOf)({ retryForMs: 0 }, neverAborted);
      expect([polled.run.status, polled.tree.stages.length]).toEqual(["inProgress", 0]);
    }
    const unauthorized = createScriptedClient([jsonResponse(buildJson("inProgress")), { status: 401 }]);
    const poll = createRunPoller(unauthorized.send, 345, webUrlOf);
    await expect(poll({ retryForMs: 0 }, neverAborted)).rejects.toBeInstanceOf(ActionError);
  });

  it("retries the last timeline after a 429 that asks for half a minute", async () => {
    const client = createScriptedClient([
      jsonResponse(buildJson("completed", { result: "failed" })),
      { status: 429, headers: { "retry-after": "30" } },
      timeline(timelineRecords("completed", "failed"), 9),
    ]);
    const polled = await createRunPoller(client.send, 345, webUrlOf)({ retryForMs: 0 }, neverAborted);
    expect([polled.tree.stages.length, polled.timelineUnavailable]).toEqual([1, undefined]);
    expect(client.clock.sleeps).toEqual([30_000]);
  });

  it("retries the timeline for ten seconds at the end of the run", async () => {
    const client = createScriptedClient([jsonResponse(buildJson("completed")), { status: 503 }]);
    await createRunPoller(client.send, 345, webUrlOf)({ retryForMs: 0 }, neverAborted);
    expect(client.clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBe(10_000);
  });
});
