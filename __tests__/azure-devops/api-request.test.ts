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

const away = new TransientError("the connection was lost");

describe("patience", () => {
  it("backs off from one second to thirty, drawn between half and all of it", () => {
    expect([1, 2, 3, 4, 5, 6, 7, 40].map((attempt) => backoffMs(attempt, 1))).toEqual([
      1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000,
    ]);
    expect([1, 2, 6].map((attempt) => backoffMs(attempt, 0))).toEqual([500, 1_000, 15_000]);
  });

  it("lasts as long as the call says, and ends with one last question", async () => {
    const stage = createScriptedClient([away]);
    const asked = stage.send({ ...call, retryForMs: 10_000 });
    await expect(asked).rejects.toMatchObject({ code: "unreachable", cause: away });
    expect(stage.clock.sleeps).toEqual([1_000, 2_000, 4_000, 3_000]);
    expect(stage.requests).toHaveLength(5);
  });

  it("is five minutes of a whole outage", async () => {
    const stage = createScriptedClient([{ status: 503 }]);
    await expect(stage.send({ ...call, retryForMs: 300_000 })).rejects.toMatchObject({ code: "unreachable" });
    expect(stage.clock.sleeps.reduce((sum, ms) => sum + ms, 0)).toBe(300_000);
  });

  it("tells of each failure before it asks again, and since when", async () => {
    const told: [string, number][] = [];
    const stage = createScriptedClient([away, { status: 503 }, jsonResponse("in")]);
    const onRetry = (why: string, sinceMs: number) => void told.push([why, sinceMs]);
    await stage.send({ ...call, retryForMs: 10_000, onRetry });
    expect(told).toEqual([
      ["the connection was lost", 0],
      ["the service answered 503", 1_000],
    ]);
  });

  it("that ran out in the last question does not speak of a rest that nobody asked for", async () => {
    const stage = createScriptedClient([away]);
    const asked = stage.send({ ...call, retryForMs: 1 });
    await expect(asked).rejects.toThrow(/got no good answer: the connection was lost\.$/);
  });

  it("of none asks once", async () => {
    const stage = createScriptedClient([away]);
    await expect(stage.send(call)).rejects.toBe(away);
    expect(stage.clock.sleeps).toEqual([]);
  });

  it("is not wasted on a refusal", async () => {
    const stage = createScriptedClient([{ status: 400, headers: { activityid: "1" }, body: "no" }]);
    await expect(stage.send({ ...call, retryForMs: 60_000 })).rejects.toMatchObject({ code: "rejected" });
    expect(stage.requests).toHaveLength(1);
  });

  it("obeys Retry-After on any status", async () => {
    const stage = createScriptedClient([
      { status: 503, headers: { "retry-after": "7" } },
      { status: 429, headers: { "retry-after": "Tue, 02 Jun 2026 14:41:00 GMT" } },
      jsonResponse("done"),
    ]);
    expect((await stage.send({ ...call, retryForMs: 300_000 })).value).toBe("done");
    expect(stage.clock.sleeps).toEqual([7_000, 53_000]);
  });

  it("gives up at once when the service wants more rest than there is time, unless it waits for a run", async () => {
    const drained = { status: 429, headers: { "retry-after": "619", "x-ratelimit-remaining": "0" } };
    const stage = createScriptedClient([drained]);
    const asked = stage.send({ ...call, retryForMs: 60_000 });
    await expect(asked).rejects.toMatchObject({ code: "busy", hint: expect.stringContaining("tenant") });
    expect(stage.clock.sleeps).toEqual([]);
    const waiting = createScriptedClient([drained, jsonResponse("done")]);
    await waiting.send({ ...call, retryForMs: 300_000, toleratesOutage: true });
    expect(waiting.clock.sleeps).toEqual([300_000]);
  });

  it("for a rest that a good answer asked for is five minutes, from when it was asked for", async () => {
    const stage = createScriptedClient([jsonResponse("in", { headers: { "retry-after": "3600" } })]);
    await stage.send(call);
    stage.clock.advance(100_000);
    await stage.send(call);
    expect(stage.clock.sleeps).toEqual([200_000]);
  });

  it.each([
    ["0.5", "delayed"],
    ["3", "delayed"],
    ["0.4", undefined],
    ["soon", undefined],
  ])("says that the answer was held back for %s s: %s", async (seconds, slowed) => {
    const stage = createScriptedClient([jsonResponse("in", { headers: { "x-ratelimit-delay": seconds } })]);
    expect((await stage.send(call)).throttling).toBe(slowed);
  });

  it("says that one was refused before, and only of throttling", async () => {
    const slowedAfter = async (status: number) =>
      (
        await createScriptedClient([{ status }, { status: 503 }, jsonResponse("in")]).send({
          ...call,
          retryForMs: 60_000,
        })
      ).throttling;
    expect([await slowedAfter(429), await slowedAfter(502)]).toEqual(["blocked", undefined]);
    expect((await createScriptedClient([jsonResponse("in")]).send(call)).throttling).toBeUndefined();
  });

  it("ends with the signal", async () => {
    const stage = createScriptedClient([away]);
    const reason = new Error("cancelled");
    await expect(stage.send({ ...call, retryForMs: 9_000, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
  });

  it("is busy, not unreachable, where it was throttled to the end", async () => {
    const stage = createScriptedClient([{ status: 429 }]);
    await expect(stage.send({ ...call, retryForMs: 5_000 })).rejects.toMatchObject({ code: "busy" });
  });

  it.each([
    [403, "TF400733: The request has been canceled: Request was blocked due to exceeding usage of resource."],
    [403, "TF400733: Die Anforderung wurde abgebrochen."],
    [503, "Request was blocked due to exceeding usage of resource 'Concurrency' in namespace 'User'."],
  ])("is had with throttling, whatever its status: %s %s", async (status, message) => {
    const blocked = jsonResponse(
      { typeKey: "VssServiceException", message },
      { status, headers: { "retry-after": "2" } },
    );
    const stage = createScriptedClient([blocked, jsonResponse("done")]);
    expect((await stage.send({ ...call, retryForMs: 60_000 })).value).toBe("done");
    expect(stage.clock.sleeps).toEqual([2_000]);
    await expect(createScriptedClient([blocked]).send(call)).rejects.toMatchObject({
      throttled: true,
      retryAfterMs: 2_000,
    });
  });

  it("outlasts a collection that is offline only where a run is waited for", async () => {
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
  const resting = jsonResponse("in", { headers: { "retry-after": "20" } });

  it("cuts the rest that a good answer asked for", async () => {
    const stage = createScriptedClient([resting]);
    await stage.send(call);
    await stage.send({ ...call, deadline: zero + 3_000 });
    expect(stage.clock.sleeps).toEqual([3_000]);
    await stage.send({ ...call, deadline: zero + 3_000 });
    expect(stage.clock.sleeps).toEqual([3_000]);
  });

  it("ends patience that would last longer", async () => {
    const stage = createScriptedClient([away]);
    const asked = stage.send({ ...call, retryForMs: 60_000, deadline: zero + 4_000 });
    await expect(asked).rejects.toMatchObject({ code: "unreachable" });
    expect(stage.clock.sleeps).toEqual([1_000, 2_000, 1_000]);
  });

  it("bounds each answer, and leaves three seconds to the last", async () => {
    const stage = createScriptedClient([jsonResponse("in")]);
    for (const deadline of [zero + 60_000, zero + 8_000, zero + 1, zero - 1])
      await stage.send({ ...call, deadline });
    expect(stage.requests.map(({ timeoutMs }) => timeoutMs)).toEqual([30_000, 8_000, 3_000, 3_000]);
  });

  it("bounds the wait for a token, which patience and answer together would make longer", () => {
    const patient = { ...call, retryForMs: 8_000, timeoutMs: 8_000, deadline: zero + 8_000 };
    expect(tokenTimeoutMs(patient, zero)).toBe(8_000);
    expect(tokenTimeoutMs(patient, zero + 7_000)).toBe(3_000);
    expect(tokenTimeoutMs({ ...call, retryForMs: 60_000 }, zero)).toBe(90_000);
  });
});

describe("a refused token", () => {
  it("is renewed, once, and the call asked again", async () => {
    const stage = createScriptedClient([jsonResponse("in"), { status: 401 }, jsonResponse("in again")], {
      canRefresh: true,
    });
    await stage.send(call);
    expect((await stage.send(call)).value).toBe("in again");
    expect(stage.requests.map(({ headers }) => headers?.["authorization"])).toEqual([
      "Bearer token-0",
      "Bearer token-0",
      "Bearer token-1",
    ]);
    const hopeless = createScriptedClient([jsonResponse("in"), { status: 203 }], { canRefresh: true });
    await hopeless.send(call);
    await expect(hopeless.send({ ...call, retryForMs: 60_000 })).rejects.toMatchObject({
      code: "unauthorized",
    });
    expect([hopeless.requests.length, hopeless.refreshCount()]).toEqual([3, 1]);
  });

  it("that was never any good is not renewed: nothing is asked for twice", async () => {
    const stage = createScriptedClient([{ status: 401 }], { canRefresh: true });
    await expect(stage.send(call)).rejects.toMatchObject({ code: "unauthorized" });
    expect([stage.requests.length, stage.refreshCount()]).toEqual([1, 0]);
  });

  it("that cannot be renewed ends the call", async () => {
    const stage = createScriptedClient([{ status: 401 }]);
    await expect(stage.send(call)).rejects.toMatchObject({ code: "unauthorized" });
    expect(stage.requests).toHaveLength(1);
  });

  it("names the organization's tenant where the service does", async () => {
    const stage = createScriptedClient([{ status: 401, headers: { "x-vss-resourcetenant": "aaaa-bbbb" } }]);
    await expect(stage.send(call)).rejects.toMatchObject({ hint: expect.stringContaining("aaaa-bbbb") });
  });
});

describe("the version", () => {
  const outOfRange = (asked: string, max: string) => {
    const message = `The requested REST API version of ${asked} is out of range for this server. The latest REST API version this server supports is ${max}.`;
    const { status = 0, body } = errorReply(400, "VssVersionOutOfRangeException", message);
    return jsonResponse(body, { status });
  };
  const versions = (stage: ReturnType<typeof createScriptedClient>) =>
    stage.requests.map(({ url }) => new URL(url).searchParams.get("api-version"));

  it("steps down to what the server names, once and for all", async () => {
    const stage = createScriptedClient([outOfRange("7.1", "7.0"), jsonResponse(1), jsonResponse(2)]);
    await stage.send(call);
    await stage.send(call);
    expect(versions(stage)).toEqual(["7.1", "7.0", "7.0"]);
  });

  it("of a preview steps down too, and stays a preview", async () => {
    const stage = createScriptedClient([
      outOfRange("7.1-preview.1", "6.0"),
      jsonResponse(1),
      jsonResponse(2),
    ]);
    await stage.send({ ...call, version: "7.1-preview.1" });
    await stage.send(call);
    expect(versions(stage)).toEqual(["7.1-preview.1", "6.0-preview.1", "6.0"]);
  });

  it("of a resource that is a preview there is asked for as one", async () => {
    const preview =
      'The requested version "6.0" of the resource is under preview. The -preview flag must be supplied in the api-version for such requests. For example: "6.0-preview"';
    const stage = createScriptedClient([
      outOfRange("7.1", "6.0"),
      jsonResponse({ message: preview, typeKey: "VssInvalidPreviewVersionException" }, { status: 400 }),
      jsonResponse(1),
    ]);
    await stage.send(call);
    expect(versions(stage)).toEqual(["7.1", "6.0", "6.0-preview"]);
  });

  it.each(["7.1", "7.2", "9.0"])("never steps up or on the spot, to %s", async (max) => {
    const stage = createScriptedClient([outOfRange("7.1", max)]);
    await expect(stage.send(call)).rejects.toMatchObject({ code: "rejected" });
    expect(stage.requests).toHaveLength(1);
  });

  it("is asked for as the workflow says", async () => {
    const stage = createScriptedClient([jsonResponse(1)], { endpoint: { ...endpoint, apiVersion: "6.0" } });
    await stage.send(call);
    expect(versions(stage)).toEqual(["6.0"]);
  });
});

describe("a fault below HTTP", () => {
  const fault = (code: string, message = "x") =>
    networkError(Object.assign(new Error(message), { code }), { connected: false });

  it("is passing, and knows whether the request can have arrived", () => {
    expect(fault("ECONNREFUSED")).toMatchObject({ name: "TransientError", unsent: true });
    expect(networkError(new Error("socket hang up"), { connected: true })).toMatchObject({
      message: "socket hang up",
      unsent: false,
    });
    expect(fault("EODD", "odd")).toMatchObject({ message: "odd (EODD)" });
  });

  it.each(["SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"])(
    "%s is for good, and wants an authority",
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
  ])("%s is for good, and no other authority would help", (code, hint) => {
    const error = fault(code);
    expect(error).toMatchObject({ code: "unreachable", hint: expect.stringMatching(hint) });
    expect((error as ActionError).hint).not.toContain("NODE_EXTRA_CA_CERTS");
  });

  it("of a proxy that wants a password is for good", () => {
    const error = fault("ECONNRESET", "tunneling socket could not be established, statusCode=407");
    expect(error).toBeInstanceOf(ActionError);
  });
});

describe("the transport", () => {
  async function listening(handler: Parameters<typeof createServer>[1]) {
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

  it("hands every status on, follows nothing, and reads UTF-8 that arrives in pieces", async () => {
    await using site = await listening((_, response) => {
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
  ])("rejects at once, as transient, after %j", async (head, open) => {
    await using site = await listening((request) => {
      request.socket.write(`HTTP/1.1 ${head}\r\n\r\n`);
      if (!open) request.socket.end();
    });
    const startedAt = performance.now();
    await expect(site.transport.send(site.request())).rejects.toBeInstanceOf(TransientError);
    expect(performance.now() - startedAt).toBeLessThan(1_500);
  });

  it("ends a body that stalls, and one that drips, at its time limit", async () => {
    const drips: NodeJS.Timeout[] = [];
    await using site = await listening((request, response) => {
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

  it("ends an answer that never comes", async () => {
    await using site = await listening(() => {});
    const asked = site.transport.send(site.request({ timeoutMs: 100 }));
    await expect(asked).rejects.toMatchObject({ name: "TransientError", unsent: false });
  });

  it.each([
    ["a length that is not reached", { "content-length": "10" }],
    ["a chunk that is missing", { "transfer-encoding": "chunked" }],
  ])("is not fooled by %s", async (_, headers) => {
    await using site = await listening((_request, response) => {
      response.writeHead(200, headers);
      response.write("1234", () => response.socket?.destroy());
    });
    await expect(site.transport.send(site.request())).rejects.toMatchObject({
      name: "TransientError",
      unsent: false,
    });
  });

  it("knows that a refused connection carried nothing", async () => {
    await using site = await listening(() => {});
    const asked = site.transport.send(
      site.request({ url: "http://127.0.0.1:1/", method: "POST", body: "x" }),
    );
    await expect(asked).rejects.toMatchObject({ name: "TransientError", unsent: true });
  });

  it("rejects with the signal's reason, whenever it comes", async () => {
    await using site = await listening((_, response) => {
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

  it("does not take a reader that is slow for a server that is silent", async () => {
    const size = 300_000;
    await using site = await listening((_, response) => response.end(Buffer.alloc(size)));
    const { chunks } = await site.transport.stream(site.request({ timeoutMs: 60 }));
    let read = 0;
    for await (const chunk of chunks) {
      if (read === 0) await new Promise((resolve) => setTimeout(resolve, 200));
      read += chunk.length;
    }
    expect(read).toBe(size);
  });

  it("sends a body's length in bytes", async () => {
    await using site = await listening((request, response) =>
      response.end(request.headers["content-length"]),
    );
    expect((await site.transport.send(site.request({ method: "POST", body: "ü" }))).body).toBe("2");
  });
});
