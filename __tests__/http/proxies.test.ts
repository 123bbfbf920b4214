import { createServer as createPlain, type Server } from "node:http";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createTransport } from "../../src/http/transport.ts";
// Loaded with the first tunnel, which would count towards its time limit.
import "../../src/http/tunnel-agent.ts";
import type { HttpRequest } from "../../src/ports.ts";

const never = new AbortController().signal;

const opened: AsyncDisposable[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
});

const unresolvableUrl = "https://dev.azure.invalid/";

function requestWith(over: Partial<HttpRequest> = {}): HttpRequest {
  return { method: "GET", url: unresolvableUrl, timeoutMs: 5_000, signal: never, ...over };
}

/** A proxy that responds to each CONNECT with this status, or never responds. */
async function startProxy(status?: string) {
  const sockets = new Set<Socket>();
  const connected = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", () => {
      connected.resolve();
      if (status !== undefined) socket.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\n\r\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv("https_proxy", `http://${host}`);
  /** Resolves once the clients have closed all connections. */
  const closed = () => new Promise<void>((resolve) => server.close(() => resolve()));
  opened.push({
    [Symbol.asyncDispose]: () => {
      for (const socket of sockets) socket.destroy();
      return closed();
    },
  });
  return { host, connected: connected.promise, closed };
}

function transport() {
  const created = createTransport();
  opened.push({ [Symbol.asyncDispose]: async () => created.close() });
  return created;
}

describe("a proxy that never responds", () => {
  it("causes a transient error at the time limit, and its connection is closed", async () => {
    const { host, closed } = await startProxy();
    const response = transport().send(requestWith({ timeoutMs: 100 }));
    await expect(response).rejects.toMatchObject({
      name: "TransientError",
      message: `no connection through the proxy ${host} within 0.1 s`,
      unsent: true,
    });
    await closed();
  });

  it("is disconnected at once when the signal is aborted", async () => {
    const { connected, closed } = await startProxy();
    const controller = new AbortController();
    const response = transport().stream(requestWith({ signal: controller.signal }));
    await connected;
    controller.abort(new Error("cancelled"));
    await expect(response).rejects.toThrow("cancelled");
    await closed();
  });

  it("does not block requests after it has recovered", async () => {
    await startProxy();
    const shared = transport();
    await expect(shared.send(requestWith({ timeoutMs: 100 }))).rejects.toThrow("no connection through");
    const { host } = await startProxy("502 Bad Gateway");
    await expect(shared.send(requestWith())).rejects.toThrow(`the proxy ${host} answered 502`);
  });
});

describe("a proxy that refuses a connection", () => {
  it.each(["403 Forbidden", "407 Proxy Authentication Required"])(
    "with %s causes a permanent error that names it",
    async (status) => {
      const { host } = await startProxy(status);
      await expect(transport().send(requestWith())).rejects.toMatchObject({
        name: "ActionError",
        code: "unreachable",
        message: expect.stringMatching(`The proxy ${host} .*\\(${status.slice(0, 3)}\\)\\.$`),
      });
    },
  );

  it.each(["429 Too Many Requests", "503 Service Unavailable"])(
    "with %s causes a transient error that names it",
    async (status) => {
      const { host } = await startProxy(status);
      await expect(transport().send(requestWith())).rejects.toMatchObject({
        name: "TransientError",
        message: `the proxy ${host} answered ${status.slice(0, 3)}`,
        unsent: true,
      });
    },
  );

  it("on its own port is named in the error", async () => {
    vi.stubEnv("https_proxy", "http://user:secret@127.0.0.1:1");
    await expect(transport().send(requestWith())).rejects.toMatchObject({
      message: "the proxy 127.0.0.1:1 could not be used: the connection was refused (ECONNREFUSED)",
      unsent: true,
      hint: expect.stringContaining("https_proxy"),
    });
  });
});

describe("https_proxy", () => {
  it.each([
    "proxy.example:8080",
    "http://user:hunter2 pass@@:99999/",
    "http://u:100%@proxy",
    "socks5://proxy:1080",
  ])("is rejected, rather than ignored, if it is not a proxy's URL: %s", async (value) => {
    vi.stubEnv("https_proxy", value);
    const error = await transport()
      .send(requestWith())
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "unreachable", hint: expect.stringContaining("http://proxy:8080") });
    expect(`${error.message}${error.hint}`).not.toMatch(/hunter2|user/);
  });

  it("is not used for requests to loopback", async () => {
    vi.stubEnv("http_proxy", "garbage:1");
    const { url } = await plain();
    expect(await transport().send(requestWith({ url }))).toMatchObject({ body: "here" });
  });
});

describe("no_proxy", () => {
  it.each([
    ["*.azure.invalid", true],
    ["x, *.AZURE.invalid:443", false],
    ["*.azure.invalid:8443", true],
    ["*.contoso.invalid", false],
    ["*.dev.azure.invalid", false],
  ])("with %s bypasses the proxy for dev.azure.invalid:8443: %s", async (list, isBypassed) => {
    vi.stubEnv("no_proxy", list);
    vi.stubEnv("https_proxy", "http://127.0.0.1:1");
    const error = await transport()
      .send(requestWith({ url: "https://dev.azure.invalid:8443/", timeoutMs: 2_000 }))
      .catch((thrown) => thrown);
    expect(/the proxy 127/.test(error.message)).toBe(!isBypassed);
  });
});

describe("TLS", () => {
  it("is reported as missing if the server speaks plain HTTP", async () => {
    const { port } = await plain();
    await expect(transport().send(requestWith({ url: `https://127.0.0.1:${port}/` }))).rejects.toMatchObject({
      message: "the server did not use TLS, or no common version of it",
      unsent: true,
      hint: expect.stringContaining("port"),
    });
  });
});

async function plain() {
  const server: Server = createPlain((_, response) => response.end("here"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push({
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  });
  const { port } = server.address() as AddressInfo;
  return { port, url: `http://127.0.0.1:${port}/` };
}
