import type { RequestListener, ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { createAzureDevOpsClient } from "../../src/azure-devops/client.ts";
import { buildJson } from "../support/azure-responses.ts";
import { createFileClient, startFileServer } from "./file-server.ts";

const never = new AbortController().signal;

/** A service on loopback that responds to polls, log requests and test result requests, and knows no pipeline. */
async function startService(handlers: {
  readonly poll?: RequestListener;
  readonly log?: RequestListener;
  readonly tests?: RequestListener;
}) {
  const poll: RequestListener = (_, response) => response.end(JSON.stringify(buildJson("notStarted")));
  const all = { poll, log: poll, tests: poll, ...handlers };
  const server = await startFileServer((request, response) => {
    const { url = "" } = request;
    if (url.includes("/definitions/")) {
      response.writeHead(404, { activityid: "1" }).end("{}");
      return;
    }
    const kind = url.includes("/logs/3") ? "log" : url.includes("testresults") ? "tests" : "poll";
    all[kind](request, response);
  });
  const fileClient = createFileClient(`${server.url}/org`);
  const azureDevOps = createAzureDevOpsClient(fileClient.client.endpoint, fileClient.client);
  const pollRun = azureDevOps.runs.createPoller(345);
  return {
    clock: fileClient.clock,
    ...azureDevOps,
    poll: () => pollRun({ retryForMs: 0 }, never),
    log: () => Array.fromAsync(azureDevOps.logs.readLines({ runId: 345, logId: 3 }, never)),
    /** The requests without the organization and project. */
    requestLines: () => server.requests.map(({ path }) => path.replace(/.*_apis\/(build|testresults)\//, "")),
    tokens: () => server.requests.map(({ authorization }) => authorization),
    async [Symbol.asyncDispose]() {
      fileClient[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

describe("a token that a poll has used successfully", () => {
  it.each([
    [401, {}],
    [203, { "content-type": "text/html" }],
    [302, { location: "/_signin" }],
  ])("is refreshed if a log request gets %s", async (status, headers) => {
    await using azure = await startService({
      log: ({ headers: { authorization } }, response) =>
        authorization === "Bearer second"
          ? response.end("a\nb\n")
          : response.writeHead(status, headers).end("<html>"),
    });
    await azure.poll();
    expect(await azure.log()).toEqual([{ text: "a\nb\n", count: 2 }]);
    expect(azure.tokens()).toEqual(["Bearer first", "Bearer first", "Bearer second"]);
  });
});

describe("the API version that a poll has lowered", () => {
  it("is used for the first log request", async () => {
    const message =
      "The requested REST API version of 7.1 is out of range for this server. The latest REST API version this server supports is 7.0.";
    await using azure = await startService({
      poll: ({ url }, response) =>
        url?.includes("7.1")
          ? response.writeHead(400).end(JSON.stringify({ message }))
          : response.end(JSON.stringify(buildJson("notStarted"))),
      log: (_, response) => response.end("a\n"),
    });
    await azure.poll();
    await azure.log();
    expect(azure.requestLines()).toEqual([
      "builds/345?api-version=7.1",
      "builds/345?api-version=7.0",
      "builds/345/logs/3?api-version=7.0",
    ]);
  });
});

describe("a Retry-After in a response", () => {
  const counts = JSON.stringify({ aggregatedResultsAnalysis: { totalTests: 0 } });
  const withRetryAfter = (response: ServerResponse, seconds: number) =>
    response.setHeader("retry-after", String(seconds));

  it("delays the next request to that host, whatever it is for", async () => {
    await using azure = await startService({
      poll: (_, response) => withRetryAfter(response, 3).end(JSON.stringify(buildJson("notStarted"))),
      log: (_, response) => withRetryAfter(response, 4).end("a\n"),
      tests: (_, response) => withRetryAfter(response, 5).end(counts),
    });
    await azure.poll();
    await azure.log();
    await azure.testResults.getCounts({ runId: 345, hasJustFinished: false }, never);
    await azure.poll();
    expect(azure.clock.sleeps).toEqual([3_000, 4_000, 5_000]);
  });

  it("delays the next request after an error too", async () => {
    await using azure = await startService({
      log: (_, response) => withRetryAfter(response, 6).writeHead(404, { activityid: "1" }).end("{}"),
    });
    await expect(azure.log()).rejects.toMatchObject({ code: "not-found" });
    await azure.poll();
    expect(azure.clock.sleeps).toEqual([6_000]);
  });

  it("does not delay the cancellation of a run", async () => {
    await using azure = await startService({
      poll: (_, response) => withRetryAfter(response, 30).end(JSON.stringify(buildJson("notStarted"))),
    });
    await azure.poll();
    await azure.runs.cancel(345, { retryForMs: 0 }, never);
    expect(azure.clock.sleeps).toEqual([]);
  });
});

describe("a poll", () => {
  it.each([
    ["pipeline", { definition: { id: 43 } }],
    ["project", { project: { id: "0a1b", name: "other" } }],
  ])("rejects a response about another %s", async (_, overrides) => {
    let polls = 0;
    await using azure = await startService({
      poll: (_request, response) => {
        polls += 1;
        response.end(JSON.stringify(buildJson("completed", polls === 1 ? {} : overrides)));
      },
    });
    await azure.poll();
    await expect(azure.poll()).rejects.toThrow("of another project or pipeline");
  });
});
