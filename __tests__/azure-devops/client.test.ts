import type { RequestListener, ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { createAzureDevOpsClient } from "../../src/azure-devops/client.ts";
import { buildJson } from "../support/azure-responses.ts";
import { createFileClient, startFileServer } from "./file-server.ts";

const never = new AbortController().signal;

/** A service on loopback: what it answers to a look, to a log and to the test results. */
async function service(answers: {
  readonly look?: RequestListener;
  readonly log?: RequestListener;
  readonly tests?: RequestListener;
}) {
  const look: RequestListener = (_, response) => response.end(JSON.stringify(buildJson("notStarted")));
  const all = { look, log: look, tests: look, ...answers };
  const server = await startFileServer((request, response) => {
    const { url = "" } = request;
    const kind = url.includes("/logs/3") ? "log" : url.includes("testresults") ? "tests" : "look";
    all[kind](request, response);
  });
  const way = createFileClient(`${server.url}/org`);
  const { pipelines } = createAzureDevOpsClient(way.client.endpoint, way.client);
  const eyes = pipelines.createRunPoller(345);
  return {
    clock: way.clock,
    pipelines,
    look: () => eyes({ retryForMs: 0 }, never),
    log: async () => (await Array.fromAsync(pipelines.readLogLines({ runId: 345, logId: 3 }, never))).flat(),
    /** What was asked, without the organization and project, and with which token. */
    asked: () => server.requests.map(({ path }) => path.replace(/.*_apis\/(build|testresults)\//, "")),
    tokens: () => server.requests.map(({ authorization }) => authorization),
    async [Symbol.asyncDispose]() {
      way[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe("a token that was good for a look", () => {
  it.each([
    [401, {}],
    [203, { "content-type": "text/html" }],
    [302, { location: "/_signin" }],
  ])("is renewed for a log that refuses it with %s", async (status, headers) => {
    await using azure = await service({
      log: ({ headers: { authorization } }, response) =>
        authorization === "Bearer second"
          ? response.end("a\nb\n")
          : response.writeHead(status, headers).end("<html>"),
    });
    await azure.look();
    expect(await azure.log()).toEqual(["a", "b"]);
    expect(azure.tokens()).toEqual(["Bearer first", "Bearer first", "Bearer second"]);
  });
});

describe("the version that a look had to step down to", () => {
  it("is what a log is asked for from the first", async () => {
    const message =
      "The requested REST API version of 7.1 is out of range for this server. The latest REST API version this server supports is 7.0.";
    await using azure = await service({
      look: ({ url }, response) =>
        url?.includes("7.1")
          ? response.writeHead(400).end(JSON.stringify({ message }))
          : response.end(JSON.stringify(buildJson("notStarted"))),
      log: (_, response) => response.end("a\n"),
    });
    await azure.look();
    await azure.log();
    expect(azure.asked()).toEqual([
      "builds/345?api-version=7.1",
      "builds/345?api-version=7.0",
      "builds/345/logs/3?api-version=7.0",
    ]);
  });
});

describe("a rest that one answer asks for", () => {
  const counts = JSON.stringify({ aggregatedResultsAnalysis: { totalTests: 0 } });
  const asking = (response: ServerResponse, seconds: number) =>
    response.setHeader("retry-after", String(seconds));

  it("is had before whatever is asked next of that host", async () => {
    await using azure = await service({
      look: (_, response) => asking(response, 3).end(JSON.stringify(buildJson("notStarted"))),
      log: (_, response) => asking(response, 4).end("a\n"),
      tests: (_, response) => asking(response, 5).end(counts),
    });
    await azure.look();
    await azure.log();
    await azure.pipelines.getTestCounts({ runId: 345, hasJustFinished: false }, never);
    await azure.look();
    expect(azure.clock.sleeps).toEqual([3_000, 4_000, 5_000]);
  });

  it("is had after a refusal too", async () => {
    await using azure = await service({
      log: (_, response) => asking(response, 6).writeHead(404, { activityid: "1" }).end("{}"),
    });
    await expect(azure.log()).rejects.toMatchObject({ code: "not-found" });
    await azure.look();
    expect(azure.clock.sleeps).toEqual([6_000]);
  });

  it("is not had by the cancel of a run", async () => {
    await using azure = await service({
      look: (_, response) => asking(response, 30).end(JSON.stringify(buildJson("notStarted"))),
    });
    await azure.look();
    await azure.pipelines.cancel(345, { retryForMs: 0 }, never);
    expect(azure.clock.sleeps).toEqual([]);
  });
});

describe("a poll", () => {
  it.each([
    ["pipeline", { definition: { id: 43 } }],
    ["project", { project: { id: "0a1b", name: "other" } }],
  ])("does not take a run of another %s for its own", async (_, overrides) => {
    let polls = 0;
    await using azure = await service({
      look: (_request, response) => {
        polls += 1;
        response.end(JSON.stringify(buildJson("completed", polls === 1 ? {} : overrides)));
      },
    });
    await azure.look();
    await expect(azure.look()).rejects.toThrow("of another project or pipeline");
  });
});
