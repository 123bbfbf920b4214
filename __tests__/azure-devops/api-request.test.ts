import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it } from "vitest";
import { type ApiRequest, tokenTimeoutMs } from "../../src/azure-devops/api-request.ts";
import { ActionError, TransientError } from "../../src/errors.ts";
import { networkError } from "../../src/http/network-errors.ts";
import { createTransport } from "../../src/http/transport.ts";
import { backoffMs } from "../../src/lib/retry.ts";
import type { HttpRequest } from "../../src/ports.ts";
import { errorReply } from "../support/azure-responses.ts";
import { createScriptedClient, endpoint, jsonResponse, neverAborted } from "./scripted-client.ts";

const call: ApiRequest = {
  method: "GET",
  path: "_apis/x",
  decode: (value) => value,
  operation: "Asking",
  signal: neverAborted,
};

const connectionLost = new TransientError("the connection was lost");

describe("the retries of a request", () => {
  it("back off from 1 s to 30 s, with jitter down to half", () => {
    expect([1, 2, 3, 4, 5, 6, 7, 40].map((attempt) => backoffMs(attempt, 1))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ]);
    expect([1, 2, 6].map((attempt) => backoffMs(attempt, 0))).toEqual([500, 1_000, 15_000]);
  });

  it("end after retryForMs, with a last request at its end", async () => {
    const client = createScriptedClient([connectionLost]);
    const response = client.send({ ...call, retryForMs: 10_000 });
    await expect(response).rejects.toMatchObject({ code: "unreachable", cause: connectionLost });
    expect(client.clock.sleeps).toEqual([1_000, 2_000, 4_000, 3_000]);
    expect(client.requests).toHaveLength(5);
  });

  it("last five minutes in an outage, with retryForMs: 300_000", async () => {
    const client = createScriptedClient([{ status: 503 }]);
    await expect(client.send({ ...call, retryForMs: 300_000 })).rejects.toMatchObject({
      code: "unreachable",
    });
    expect(client.clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBe(300_000);
  });

  it("call onRetry with the reason and the duration of the outage", async () => {
    const reported: [string, number][] = [];
    const client = createScriptedClient([connectionLost, { status: 503 }, jsonResponse("in")]);
    const onRetry = (why: string, sinceMs: number) => void reported.push([why, sinceMs]);
    await client.send({ ...call, retryForMs: 10_000, onRetry });
    expect(reported).toEqual([
      ["the connection was lost", 0],
      ["the service answered 503", 1_000],
    ]);
  });

  it("end with an error without a Retry-After if there was none", async () => {
    const client = createScriptedClient([connectionLost]);
    const response = client.send({ ...call, retryForMs: 1 });
    await expect(response).rejects.toThrow(/failed: the connection was lost\.$/);
  });

  it("do not happen without retryForMs", async () => {
    const client = createScriptedClient([connectionLost]);
    await expect(client.send(call)).rejects.toBe(connectionLost);
    expect(client.clock.sleeps).toEqual([]);
  });

  it("do not happen after a 400", async () => {
    const client = createScriptedClient([{ status: 400, headers: { activityid: "1" }, body: "no" }]);
    await expect(client.send({ ...call, retryForMs: 60_000 })).rejects.toMatchObject({ code: "rejected" });
    expect(client.requests).toHaveLength(1);
  });

  it("obey Retry-After on any status", async () => {
    const client = createScriptedClient([
      { status: 503, headers: { "retry-after": "7" } },
      { status: 429, headers: { "retry-after": "Tue, 02 Jun 2026 14:41:00 GMT" } },
      jsonResponse("done"),
    ]);
    expect((await client.send({ ...call, retryForMs: 300_000 })).value).toBe("done");
    expect(client.clock.sleeps).toEqual([7_000, 53_000]);
  });

  it("stop at once if Retry-After exceeds the remaining time, unless the request polls a run", async () => {
    const throttled = { status: 429, headers: { "retry-after": "619", "x-ratelimit-remaining": "0" } };
    const client = createScriptedClient([throttled]);
    const response = client.send({ ...call, retryForMs: 60_000 });
    await expect(response).rejects.toMatchObject({ code: "busy", hint: expect.stringContaining("tenant") });
    expect(client.clock.sleeps).toEqual([]);
    const waiting = createScriptedClient([throttled, jsonResponse("done")]);
    await waiting.send({ ...call, retryForMs: 300_000, toleratesOutage: true });
    expect(waiting.clock.sleeps).toEqual([300_000]);
  });

  it("wait at most five minutes for the Retry-After of a successful response, counted from that response", async () => {
    const client = createScriptedClient([jsonResponse("in", { headers: { "retry-after": "3600" } })]);
    await client.send(call);
    client.clock.advance(100_000);
    await client.send(call);
    expect(client.clock.sleeps).toEqual([200_000]);
  });

  it.each([
    ["0.5", "delayed"],
    ["3", "delayed"],
    ["0.4", undefined],
    ["soon", undefined],
  ])("report X-RateLimit-Delay: %s as throttling: %s", async (seconds, throttling) => {
    const client = createScriptedClient([jsonResponse("in", { headers: { "x-ratelimit-delay": seconds } })]);
    expect((await client.send(call)).throttling).toBe(throttling);
  });

  it("report a 429 before the response as throttling, but not a 502", async () => {
    const throttlingAfter = async (status: number) =>
      (
        await createScriptedClient([{ status }, { status: 503 }, jsonResponse("in")]).send({
          ...call,
          retryForMs: 60_000,
        })
      ).throttling;
    expect([await throttlingAfter(429), await throttlingAfter(502)]).toEqual(["blocked", undefined]);
    expect((await createScriptedClient([jsonResponse("in")]).send(call)).throttling).toBeUndefined();
  });

  it("end with the signal's reason", async () => {
    const client = createScriptedClient([connectionLost]);
    const reason = new Error("cancelled");
    await expect(client.send({ ...call, retryForMs: 9_000, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });

  it("end with busy, not unreachable, if the last response was a 429", async () => {
    const client = createScriptedClient([{ status: 429 }]);
    await expect(client.send({ ...call, retryForMs: 5_000 })).rejects.toMatchObject({ code: "busy" });
  });

  it.each([
    [403, "TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource."],
    [403, "TF400733: Die Anforderung wurde abgebrochen."],
    [503, "Request was blocked due to exceeding usage of resource 'Concurrency' in namespace 'User'."],
  ])("happen after throttling with any status: %s %s", async (status, message) => {
    const blocked = jsonResponse(
      { typeKey: "VssServiceException", message },
      { status, headers: { "retry-after": "2" } },
    );
    const client = createScriptedClient([blocked, jsonResponse("done")]);
    expect((await client.send({ ...call, retryForMs: 60_000 })).value).toBe("done");
    expect(client.clock.sleeps).toEqual([2_000]);
    await expect(createScriptedClient([blocked]).send(call)).rejects.toMatchObject({
      throttled: true,
      retryAfterMs: 2_000,
    });
  });

  it("continue for an offline collection only while polling a run", async () => {
    const offline = { status: 503, headers: { "x-vss-hostofflineerror": "1" } };
    const start = createScriptedClient([offline]);
    await expect(start.send({ ...call, retryForMs: 60_000 })).rejects.toMatchObject({ code: "unreachable" });
    expect(start.requests).toHaveLength(1);
    const wait = createScriptedClient([offline, jsonResponse("back")]);
    expect((await wait.send({ ...call, retryForMs: 60_000, toleratesOutage: true })).value).toBe("back");
  });
});

describe("a deadline", () => {
  const zero = Date.parse("2026-06-02T14:40:00Z");
  const withRetryAfter = jsonResponse("in", { headers: { "retry-after": "20" } });

  it("leaves out an optional request that Retry-After would delay beyond it", async () => {
    const stage = createScriptedClient([jsonResponse("fine", { headers: { "retry-after": "6" } })]);
    await stage.send(call);
    const optional = { ...call, isOptional: true, deadline: stage.clock.now() + 5_000 };
    await expect(stage.send(optional)).rejects.toThrow(/requested a longer delay/);
    expect([stage.requests.length, stage.clock.sleeps]).toEqual([1, []]);
    await stage.send({ ...optional, deadline: stage.clock.now() + 7_000 });
    expect([stage.requests.length, stage.clock.sleeps]).toEqual([2, [6_000]]);
  });

  it("shortens the wait for the Retry-After of a successful response", async () => {
    const client = createScriptedClient([withRetryAfter]);
    await client.send(call);
    await client.send({ ...call, deadline: zero + 3_000 });
    expect(client.clock.sleeps).toEqual([3_000]);
    await client.send({ ...call, deadline: zero + 3_000 });
    expect(client.clock.sleeps).toEqual([3_000]);
  });

  it("ends retries that would last longer", async () => {
    const client = createScriptedClient([connectionLost]);
    const response = client.send({ ...call, retryForMs: 60_000, deadline: zero + 4_000 });
    await expect(response).rejects.toMatchObject({ code: "unreachable" });
    expect(client.clock.sleeps).toEqual([1_000, 2_000, 1_000]);
  });

  it("limits the time of each response, but never below three seconds", async () => {
    const client = createScriptedClient([jsonResponse("in")]);
    for (const deadline of [zero + 60_000, zero + 8_000, zero + 1, zero - 1])
      await client.send({ ...call, deadline });
    expect(client.requests.map(({ timeoutMs }) => timeoutMs)).toEqual([30_000, 8_000, 3_000, 3_000]);
  });

  it("limits the wait for a token", () => {
    const request = { ...call, retryForMs: 8_000, timeoutMs: 8_000, deadline: zero + 8_000 };
    expect(tokenTimeoutMs(request, zero)).toBe(8_000);
    expect(tokenTimeoutMs(request, zero + 7_000)).toBe(3_000);
    expect(tokenTimeoutMs({ ...call, retryForMs: 60_000 }, zero)).toBe(90_000);
  });
});

describe("a token that the service rejects", () => {
  it("is refreshed once, and the request is repeated", async () => {
    const client = createScriptedClient([jsonResponse("in"), { status: 401 }, jsonResponse("in again")], {
      canRefresh: true,
    });
    await client.send(call);
    expect((await client.send(call)).value).toBe("in again");
    expect(client.requests.map(({ headers }) => headers?.["authorization"])).toEqual([
      "Bearer token-0",
      "Bearer token-0",
      "Bearer token-1",
    ]);
    const rejected = createScriptedClient([jsonResponse("in"), { status: 203 }], { canRefresh: true });
    await rejected.send(call);
    await expect(rejected.send({ ...call, retryForMs: 60_000 })).rejects.toMatchObject({
      code: "unauthorized",
    });
    expect([rejected.requests.length, rejected.refreshCount()]).toEqual([3, 1]);
  });

  it("is not refreshed if no request with it has succeeded", async () => {
    const client = createScriptedClient([{ status: 401 }], { canRefresh: true });
    await expect(client.send(call)).rejects.toMatchObject({ code: "unauthorized" });
    expect([client.requests.length, client.refreshCount()]).toEqual([1, 0]);
  });

  it("causes unauthorized if it cannot be refreshed", async () => {
    const client = createScriptedClient([{ status: 401 }]);
    await expect(client.send(call)).rejects.toMatchObject({ code: "unauthorized" });
    expect(client.requests).toHaveLength(1);
  });

  it("causes a hint with the organization's tenant if the service names it", async () => {
    const client = createScriptedClient([{ status: 401, headers: { "x-vss-resourcetenant": "aaaa-bbbb" } }]);
    await expect(client.send(call)).rejects.toMatchObject({ hint: expect.stringContaining("aaaa-bbbb") });
  });
});

describe("the API version", () => {
  const outOfRange = (requested: string, max: string) => {
    const message = `The requested REST API version of ${requested} is out of range for this server. The latest REST API version this server supports is ${max}.`;
    const { status = 0, body } = errorReply(400, "VssVersionOutOfRangeException", message);
    return jsonResponse(body, { status });
  };
  const versions = (client: ReturnType<typeof createScriptedClient>) =>
    client.requests.map(({ url }) => new URL(url).searchParams.get("api-version"));

  it("is lowered to the server's latest version, for all later requests", async () => {
    const client = createScriptedClient([outOfRange("7.1", "7.0"), jsonResponse(1), jsonResponse(2)]);
    await client.send(call);
    await client.send(call);
    expect(versions(client)).toEqual(["7.1", "7.0", "7.0"]);
  });

  it("of a preview is lowered to a preview", async () => {
    const client = createScriptedClient([
      outOfRange("7.1-preview.1", "6.0"),
      jsonResponse(1),
      jsonResponse(2),
    ]);
    await client.send({ ...call, version: "7.1-preview.1" });
    await client.send(call);
    expect(versions(client)).toEqual(["7.1-preview.1", "6.0-preview.1", "6.0"]);
  });

  it("becomes a preview if the server says that the resource is a preview", async () => {
    const preview =
      'The requested version "6.0" of the resource is under preview. The -preview flag must be supplied in the api-version for such requests. For example: "6.0-preview"';
    const client = createScriptedClient([
      outOfRange("7.1", "6.0"),
      jsonResponse({ message: preview, typeKey: "VssInvalidPreviewVersionException" }, { status: 400 }),
      jsonResponse(1),
    ]);
    await client.send(call);
    expect(versions(client)).toEqual(["7.1", "6.0", "6.0-preview"]);
  });

  it.each(["7.1", "7.2", "9.0"])("stays 7.1 if the server names %s", async (max) => {
    const client = createScriptedClient([outOfRange("7.1", max)]);
    await expect(client.send(call)).rejects.toMatchObject({ code: "rejected" });
    expect(client.requests).toHaveLength(1);
  });

  it("is the one that the workflow sets", async () => {
    const client = createScriptedClient([jsonResponse(1)], { endpoint: { ...endpoint, apiVersion: "6.0" } });
    await client.send(call);
    expect(versions(client)).toEqual(["6.0"]);
  });
});

describe("a network error", () => {
  const fault = (code: string, message = "x") =>
    networkError(Object.assign(new Error(message), { code }), { connected: false });

  it("is transient, and says whether the request can have been sent", () => {
    expect(fault("ECONNREFUSED")).toMatchObject({ name: "TransientError", unsent: true });
    expect(networkError(new Error("socket hang up"), { connected: true })).toMatchObject({
      message: "socket hang up",
      unsent: false,
    });
    expect(fault("EODD", "odd")).toMatchObject({ message: "odd (EODD)" });
  });

  it.each(["SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"])(
    "%s is permanent, with a hint about NODE_EXTRA_CA_CERTS",
    (code) => {
      expect(fault(code)).toMatchObject({
        code: "unreachable",
        hint: expect.stringContaining("NODE_EXTRA_CA_CERTS"),
      });
    },
  );

  it.each([
    ["CERT_HAS_EXPIRED", /clock/],
    ["ERR_TLS_CERT_ALTNAME_INVALID", /name/],
  ])("%s is permanent, with a hint that matches %s and not NODE_EXTRA_CA_CERTS", (code, hint) => {
    const error = fault(code);
    expect(error).toMatchObject({ code: "unreachable", hint: expect.stringMatching(hint) });
    expect((error as ActionError).hint).not.toContain("NODE_EXTRA_CA_CERTS");
  });

  it("is permanent if the proxy requires a password", () => {
    const error = fault("ECONNRESET", "tunneling socket could not be established, statusCode=407");
    expect(error).toBeInstanceOf(ActionError);
  });
});

describe("the transport", () => {
  async function startServer(handler: Parameters<typeof createServer>[1]) {
    const server: Server = createServer(handler);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const transport = createTransport();
    return {
      transport,
      request: (over: Partial<HttpRequest> = {}): HttpRequest => ({
        method: "GET",
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
        timeoutMs: 2_000,
        signal: neverAborted,
        ...over,
      }),
      [Symbol.asyncDispose]: async () => {
        transport.close();
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  }

  it("returns any status, follows no redirect, and reads UTF-8 that is split between chunks", async () => {
    await using site = await startServer((_, response) => {
      response.writeHead(302, { location: "http://127.0.0.1:1/", "X-Odd": "1" });
      const bytes = Buffer.from("ünï");
      response.write(bytes.subarray(0, 1));
      setTimeout(() => response.end(bytes.subarray(1)), 20);
    });
    const answer = await site.transport.send(site.request());
    expect([answer.status, answer.headers["x-odd"], answer.body]).toEqual([302, "1", "ünï"]);
  });

  it.each([
    ["101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade", false],
    ["101 Switching Protocols", true],
    ["103 Early Hints", false],
    ["200 OK\r\nContent-Length: x", false],
  ])("rejects at once with a transient error after %j (connection open: %s)", async (head, open) => {
    await using site = await startServer((request) => {
      request.socket.write(`HTTP/1.1 ${head}\r\n\r\n`);
      if (!open) request.socket.end();
    });
    const startedAt = performance.now();
    await expect(site.transport.send(site.request())).rejects.toBeInstanceOf(TransientError);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });

  it("aborts a stalled body and a very slow one at the time limit", async () => {
    const drips: NodeJS.Timeout[] = [];
    await using site = await startServer((request, response) => {
      response.writeHead(200, { "content-length": "1000" });
      response.write("x");
      if (request.url === "/drip") drips.push(setInterval(() => response.write("x"), 20));
    });
    await expect(site.transport.send(site.request({ timeoutMs: 150 }))).rejects.toBeInstanceOf(
      TransientError,
    );
    const url = `${site.request().url}drip`;
    await expect(site.transport.send(site.request({ timeoutMs: 150, url }))).rejects.toBeInstanceOf(
      TransientError,
    );
    drips.forEach(clearInterval);
  });

  it("aborts a request without a response at the time limit", async () => {
    await using site = await startServer(() => {});
    const response = site.transport.send(site.request({ timeoutMs: 100 }));
    await expect(response).rejects.toMatchObject({ name: "TransientError", unsent: false });
  });

  it.each([
    ["a body that is shorter than its content-length", { "content-length": "10" }],
    ["a body without its last chunk", { "transfer-encoding": "chunked" }],
  ])("rejects %s with a transient error", async (_, headers) => {
    await using site = await startServer((_request, response) => {
      response.writeHead(200, headers);
      response.write("1234", () => response.socket?.destroy());
    });
    await expect(site.transport.send(site.request())).rejects.toMatchObject({
      name: "TransientError",
      unsent: false,
    });
  });

  it("marks a request as unsent if the connection was refused", async () => {
    await using site = await startServer(() => {});
    const response = site.transport.send(
      site.request({ url: "http://127.0.0.1:1/", method: "POST", body: "x" }),
    );
    await expect(response).rejects.toMatchObject({ name: "TransientError", unsent: true });
  });

  it("rejects with the signal's reason, aborted before or during the request", async () => {
    await using site = await startServer((_, response) => {
      response.writeHead(200, { "content-length": "10" });
      response.write("x");
    });
    const reason = new Error("cancelled");
    await expect(site.transport.send(site.request({ signal: AbortSignal.abort(reason) }))).rejects.toBe(
      reason,
    );
    const late = new AbortController();
    setTimeout(() => late.abort(reason), 50);
    await expect(site.transport.send(site.request({ signal: late.signal }))).rejects.toBe(reason);
  });

  it("does not abort a stream because its reader is slow", async () => {
    const size = 300_000;
    await using site = await startServer((_, response) => response.end(Buffer.alloc(size)));
    const { chunks } = await site.transport.stream(site.request({ timeoutMs: 60 }));
    let read = 0;
    for await (const chunk of chunks) {
      if (read === 0) await new Promise((resolve) => setTimeout(resolve, 200));
      read += chunk.length;
    }
    expect(read).toBe(size);
  });

  it("sends the body's length in bytes", async () => {
    await using site = await startServer((request, response) =>
      response.end(request.headers["content-length"]),
    );
    expect((await site.transport.send(site.request({ method: "POST", body: "ü" }))).body).toBe("2");
  });
});
