import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import { downloadArtifact } from "../../src/azure-devops/artifact-download.ts";
import { listArtifacts } from "../../src/azure-devops/artifacts.ts";
import type { Artifact } from "../../src/ports.ts";
import { createFileClient, startFileServer } from "./file-server.ts";

const never = new AbortController().signal;

const api = "/org/my%20project/_apis";

it("listArtifacts reads container and pipeline artifacts", async () => {
  const value = [
    {
      id: 1,
      name: "drop",
      resource: {
        type: "Container",
        data: "#/303511/drop",
        properties: { localpath: "/x", artifactsize: "123" },
        downloadUrl:
          "https://dev.azure.com/o/p/_apis/build/builds/391/artifacts?artifactName=drop&%24format=zip",
      },
    },
    {
      id: 2,
      name: "tests",
      resource: { type: "PipelineArtifact", properties: { artifactsize: "x" }, downloadUrl: "u" },
    },
    { id: 3, name: "share", resource: { type: "FilePath", data: "\\\\server\\share" } },
    { id: 4, resource: null },
    null,
  ];
  await using server = await startFileServer((_, response) =>
    response.end(JSON.stringify({ count: 5, value })),
  );
  using fileClient = createFileClient(`${server.url}/org`);
  expect(await listArtifacts(fileClient.send, { runId: 7, retryForMs: 0 }, never)).toEqual([
    {
      name: "drop",
      kind: "container",
      size: 123,
      downloadUrl:
        "https://dev.azure.com/o/p/_apis/build/builds/391/artifacts?artifactName=drop&%24format=zip",
    },
    { name: "tests", kind: "pipeline", size: undefined, downloadUrl: "u" },
    { name: "share", kind: "other", size: undefined, downloadUrl: undefined },
  ]);
  expect(server.requests[0]?.path).toBe(`${api}/build/builds/7/artifacts?api-version=7.1`);
});

type Routes = Record<string, (response: ServerResponse, request: IncomingMessage, count: number) => void>;

/** Handles requests by path; each handler gets the number of its call. */
function routed(routes: () => Routes): RequestListener {
  const counts: Record<string, number> = {};
  return (request, response) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    counts[path] = (counts[path] ?? 0) + 1;
    const route = routes()[path];
    if (path.endsWith("/greeting")) response.end("{}");
    else if (route === undefined) response.writeHead(404, { activityid: "1" }).end("{}");
    else route(response, request, counts[path]);
  };
}

interface Scenario {
  readonly kind?: Artifact["kind"];
  readonly service: (storage: string) => Routes;
  readonly storage?: Routes;
  readonly downloadUrl?: (service: string, storage: string) => string;
}

async function download({ kind = "pipeline", service, storage = {}, downloadUrl }: Scenario) {
  await using storageHost = await startFileServer(routed(() => storage));
  await using host = await startFileServer(routed(() => service(storageHost.url)));
  using fileClient = createFileClient(`${host.url}/org`);
  const address = downloadUrl?.(host.url, storageHost.url);
  const artifact: Artifact = { name: "drop & co", kind, size: undefined, downloadUrl: address };
  const contents: string[] = [];
  const waits: [number, string][] = [];
  const onWait = (waitMs: number, why: string) => void waits.push([waitMs, why]);
  const sink = async (chunks: AsyncIterable<Uint8Array>) => {
    let text = "";
    for await (const chunk of chunks) text += Buffer.from(chunk).toString();
    contents.push(text);
  };
  await fileClient.send({
    method: "GET",
    path: "_apis/greeting",
    decode: () => 0,
    operation: "Asking",
    signal: never,
  });
  host.requests.length = 0;
  const problem = await downloadArtifact(
    fileClient,
    { artifact, pipelineId: 42, runId: 7 },
    { sink, onWait },
    never,
  ).then(
    () => undefined,
    (error: unknown) => error,
  );
  return {
    contents,
    problem,
    waits,
    requests: host.requests,
    storageRequests: storageHost.requests,
    sleeps: fileClient.clock.sleeps,
  };
}

const ownPath = `${api}/build/builds/7/artifacts`;

const signedPath = `${api}/pipelines/42/runs/7/artifacts`;

const signed = (url: string) => (response: ServerResponse) =>
  response.end(
    JSON.stringify({ name: "drop", signedContent: { url, signatureExpires: "2026-01-01T00:00:00Z" } }),
  );

describe("downloadArtifact", () => {
  it("prefers a signed URL, and sends no token to it", async () => {
    const { contents, requests, storageRequests, problem } = await download({
      service: (storage) => ({ [signedPath]: signed(`${storage}/blob?sig=abc`) }),
      storage: { "/blob": (response) => response.end("zip") },
    });
    expect(problem).toBeUndefined();
    expect(contents).toEqual(["zip"]);
    expect(requests.map(({ path }) => path)).toEqual([
      `${signedPath}?artifactName=drop%20%26%20co&$expand=signedContent&api-version=7.1`,
    ]);
    expect(storageRequests.map(({ path, authorization }) => [path, authorization])).toEqual([
      ["/blob?sig=abc", undefined],
    ]);
  });

  it("sends the token to the service's own URL, and not to a redirect's target", async () => {
    const { contents, requests, storageRequests } = await download({
      kind: "container",
      service: (storage) => ({
        [ownPath]: (response) => response.writeHead(302, { location: "/again" }).end("moved"),
        "/again": (response) => response.writeHead(307, { location: `${storage}/blob?sig=abc` }).end(),
      }),
      storage: { "/blob": (response) => response.end("zip") },
      downloadUrl: () => "https://a-name-that-only-the-server-knows/zip",
    });
    expect(contents).toEqual(["zip"]);
    expect(requests.map(({ path, authorization }) => [path, authorization])).toEqual([
      [`${ownPath}?artifactName=drop%20%26%20co&$format=zip&api-version=7.1`, "Bearer first"],
      ["/again", undefined],
    ]);
    expect(storageRequests.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  it("fails with not-found if neither the service's own URL nor the listed one has the artifact", async () => {
    const { problem, requests } = await download({
      kind: "container",
      service: () => ({ "/zip": (response) => response.writeHead(410, { activityid: "1" }).end() }),
      downloadUrl: (service) => `${service}/zip`,
    });
    expect(requests.map(({ path }) => path.split("?")[0])).toEqual([ownPath, "/zip"]);
    expect(problem).toMatchObject({
      code: "not-found",
      hint: expect.stringMatching(/^Check whether the artifact can still be downloaded/),
    });
  });

  it("sends no token to another host that the listing names", async () => {
    const { contents, storageRequests } = await download({
      kind: "container",
      service: () => ({}),
      storage: { "/zip": (response) => response.end("zip") },
      downloadUrl: (_, storage) => `${storage}/zip`,
    });
    expect(contents).toEqual(["zip"]);
    expect(storageRequests.map(({ authorization }) => authorization)).toEqual([undefined]);
  });

  const signIn = { "content-type": "text/html", location: "/_signin?realm=x" };

  it.each([
    ["401", 401, {}],
    ["203", 203, { "content-type": "text/html" }],
    ["a redirect to the sign-in page", 302, signIn],
    ["an HTML page", 200, { "content-type": "text/html; charset=utf-8" }],
  ])("refreshes the token once after %s", async (_, status, headers) => {
    const reject = (response: ServerResponse) => response.writeHead(status, headers).end("<html>");
    const { contents, requests } = await download({
      kind: "container",
      service: () => ({
        [ownPath]: (response, { headers: { authorization } }) =>
          authorization === "Bearer second" ? response.end("zip") : reject(response),
      }),
    });
    expect(contents).toEqual(["zip"]);
    expect(requests.map(({ authorization }) => authorization)).toEqual(["Bearer first", "Bearer second"]);
    const rejected = await download({ kind: "container", service: () => ({ [ownPath]: reject }) });
    expect(rejected.problem).toMatchObject({ code: "unauthorized" });
    expect(rejected.requests).toHaveLength(2);
  });

  it("uses the version 7.0 that an older server names", async () => {
    const message =
      "The requested REST API version of 7.1 is out of range for this server. The latest REST API version this server supports is 7.0.";
    const refusal = JSON.stringify({ message, typeKey: "VssVersionOutOfRangeException" });
    const { contents, requests } = await download({
      kind: "container",
      service: () => ({
        [ownPath]: (response, { url }) =>
          url?.includes("api-version=7.0") ? response.end("zip") : response.writeHead(400).end(refusal),
      }),
      downloadUrl: () => "https://a-name-that-only-the-server-knows/zip",
    });
    expect(contents).toEqual(["zip"]);
    expect(requests.map(({ path }) => path.split("&").at(-1))).toEqual([
      "api-version=7.1",
      "api-version=7.0",
    ]);
  });

  it("waits a minute for Retry-After: 60, and reports it", async () => {
    const { contents, waits, sleeps } = await download({
      kind: "container",
      service: () => ({
        [ownPath]: (response, _, count) =>
          count === 1 ? response.writeHead(503, { "retry-after": "60" }).end() : response.end("zip"),
      }),
    });
    expect([contents, sleeps]).toEqual([["zip"], [60_000]]);
    expect(waits).toEqual([[60_000, "the service answered 503"]]);
  });

  it.each([
    [503, "unreachable"],
    [429, "busy"],
  ])("does not wait an hour after a %s: %s", async (status, code) => {
    const { problem, sleeps } = await download({
      kind: "container",
      service: () => ({
        [ownPath]: (response) => response.writeHead(status, { "retry-after": "3600" }).end(),
      }),
    });
    expect(problem).toMatchObject({
      code,
      message: expect.stringMatching(/^Downloading artifact .* requested a delay of 60 min\.$/),
    });
    expect(sleeps).toEqual([]);
  });

  it("waits for each host's own Retry-After, and reports it", async () => {
    const { contents, waits, sleeps } = await download({
      service: (storage) => ({
        [signedPath]: (response) => signed(`${storage}/blob`)(response.setHeader("retry-after", "90")),
      }),
      storage: {
        "/blob": (response) => response.writeHead(302, { location: "/more", "retry-after": "7" }).end(),
        "/more": (response) => response.end("zip"),
      },
    });
    expect([contents, sleeps]).toEqual([["zip"], [7_000]]);
    expect(waits).toEqual([[7_000, "the service requested a delay"]]);
  });

  it("uses the listed URL if the server returns no signed URL", async () => {
    const { contents } = await download({
      service: () => ({ "/zip": (response) => response.end("zip") }),
      downloadUrl: (service) => `${service}/zip`,
    });
    expect(contents).toEqual(["zip"]);
  });

  it("starts again with a new signed URL after a transient error", async () => {
    const { contents, requests, sleeps, problem } = await download({
      service: (storage) => ({
        [signedPath]: (response, _, count) => signed(`${storage}/blob?sig=${count}`)(response),
      }),
      storage: {
        "/blob": (response, _, count) => {
          if (count === 1)
            response.writeHead(200, { "content-length": 9 }).write("half", () => response.destroy());
          else if (count === 2) response.writeHead(503).end();
          else response.end("zip");
        },
      },
    });
    expect(problem).toBeUndefined();
    expect(contents).toEqual(["zip"]);
    expect(requests).toHaveLength(3);
    expect(sleeps).toEqual([1_000, 2_000]);
  });

  it("fails after five attempts", async () => {
    const { problem, storageRequests } = await download({
      service: (storage) => ({ [signedPath]: signed(`${storage}/blob`) }),
      storage: { "/blob": (response) => response.writeHead(503).end() },
    });
    expect(problem).toMatchObject({ code: "unreachable" });
    expect(storageRequests).toHaveLength(5);
  });

  it("reports a storage's refusal without the signed URL", async () => {
    const { problem } = await download({
      service: (storage) => ({ [signedPath]: signed(`${storage}/blob?sig=secret`) }),
      storage: { "/blob": (response) => response.writeHead(403).end("<Error>expired</Error>") },
    });
    expect(problem).toMatchObject({
      code: "unexpected-response",
      message: expect.stringMatching(
        /^Downloading artifact "drop & co" failed: 127\.0\.0\.1:\d+ answered 403\.$/,
      ),
    });
  });

  it("reports a gateway's page that repeats the signed URL without its signature", async () => {
    const signature = "Zx8Q/fGh1+Lm2Np3Qr4St5=";
    const page = (url: string) => `<p>Blocked: ${url} ${decodeURIComponent(url)}</p>`;
    const { problem } = await download({
      service: (storage) => ({
        [signedPath]: signed(`${storage}/blob?sig=${encodeURIComponent(signature)}`),
      }),
      storage: {
        "/blob": (response, { url = "" }) =>
          response.writeHead(403, { "content-type": "text/html" }).end(page(url)),
      },
    });
    expect(problem).toMatchObject({
      code: "unexpected-response",
      message: expect.stringContaining('"Blocked: /blob?sig=*** /blob?sig=***"'),
    });
  });

  it.each([
    ["http://storage.example/blob", "http://storage.example"],
    ["file:///etc/passwd", "file://"],
    ["http://", "an invalid URL"],
  ])("does not follow a redirect to %s, shown as %s", async (location, shown) => {
    const { problem } = await download({
      kind: "container",
      service: () => ({ [ownPath]: (response) => response.writeHead(302, { location }).end() }),
    });
    expect(problem).toMatchObject({
      code: "unexpected-response",
      message: `Downloading artifact "drop & co" led to ${shown}, which is not safe.`,
    });
  });

  it("follows at most five redirects", async () => {
    const { problem, requests } = await download({
      kind: "container",
      service: () => ({ [ownPath]: (response) => response.writeHead(302, { location: ownPath }).end() }),
    });
    expect(problem).toMatchObject({ code: "unexpected-response" });
    expect(requests).toHaveLength(6);
  });

  it("fails with not-found for a file share", async () => {
    const { problem } = await download({ kind: "other", service: () => ({}) });
    expect(problem).toMatchObject({ code: "not-found" });
  });
});
