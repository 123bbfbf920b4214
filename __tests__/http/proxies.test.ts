import { createServer as createPlain, type Server } from "node:http";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createTransport } from "../../src/http/transport.ts";
import type { HttpRequest } from "../../src/ports.ts";

const never = new AbortController().signal;

const opened: AsyncDisposable[] = [];

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
});

const away = "https://dev.azure.invalid/";

function asking(over: Partial<HttpRequest> = {}): HttpRequest {
  return { method: "GET", url: away, timeoutMs: 5_000, signal: never, ...over };
}

/** A proxy that answers each CONNECT in this way, or never. */
async function proxied(answer?: string) {
  const sockets = new Set<Socket>();
  const asked = Promise.withResolvers<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", () => {
      asked.resolve(socket);
      if (answer !== undefined) socket.end(`HTTP/1.1 ${answer}\r\nContent-Length: 0\r\n\r\n`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv("https_proxy", `http://${host}`);
  opened.push({
    [Symbol.asyncDispose]: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  });
  return { host, asked: asked.promise, sockets };
}

function transport() {
  const made = createTransport();
  opened.push({ [Symbol.asyncDispose]: async () => made.close() });
  return made;
}

const closed = (socket: Socket) => new Promise((resolve) => socket.on("close", resolve));

describe("a proxy that never answers", () => {
  it("is given up at the time limit, with nothing sent and nothing left open", async () => {
    const { host, asked } = await proxied();
    const answer = transport().send(asking({ timeoutMs: 100 }));
    await expect(answer).rejects.toMatchObject({
      name: "TransientError",
      message: `no way through the proxy ${host} within 0.1 s`,
      unsent: true,
    });
    await closed(await asked);
  });

  it("is left at once with the signal, and with its reason", async () => {
    const { asked } = await proxied();
    const controller = new AbortController();
    const answer = transport().stream(asking({ signal: controller.signal }));
    const socket = await asked;
    controller.abort(new Error("cancelled"));
    await expect(answer).rejects.toThrow("cancelled");
    await closed(socket);
  });

  it("does not stand in the way of those who ask after it has recovered", async () => {
    await proxied();
    const made = transport();
    await expect(made.send(asking({ timeoutMs: 100 }))).rejects.toThrow("no way");
    const { host } = await proxied("502 Bad Gateway");
    await expect(made.send(asking())).rejects.toThrow(`the proxy ${host} answered 502`);
  });
});

describe("a proxy that refuses", () => {
  it.each(["403 Forbidden", "407 Proxy Authentication Required"])(
    "%s: is named, and is for good",
    async (status) => {
      const { host } = await proxied(status);
      await expect(transport().send(asking())).rejects.toMatchObject({
        name: "ActionError",
        code: "unreachable",
        message: expect.stringMatching(`The proxy ${host} .*\\(${status.slice(0, 3)}\\)\\.$`),
      });
    },
  );

  it.each(["429 Too Many Requests", "503 Service Unavailable"])(
    "%s: is named, and may pass",
    async (status) => {
      const { host } = await proxied(status);
      await expect(transport().send(asking())).rejects.toMatchObject({
        name: "TransientError",
        message: `the proxy ${host} answered ${status.slice(0, 3)}`,
        unsent: true,
      });
    },
  );

  it("the connection itself is named", async () => {
    vi.stubEnv("https_proxy", "http://user:secret@127.0.0.1:1");
    await expect(transport().send(asking())).rejects.toMatchObject({
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
  ])("that names no proxy is no reason to go without: %s", async (value) => {
    vi.stubEnv("https_proxy", value);
    const error = await transport()
      .send(asking())
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "unreachable", hint: expect.stringContaining("http://proxy:8080") });
    expect(`${error.message}${error.hint}`).not.toMatch(/hunter2|user/);
  });

  it("is nobody's business on this machine", async () => {
    vi.stubEnv("http_proxy", "garbage:1");
    const { url } = await plain();
    expect(await transport().send(asking({ url }))).toMatchObject({ body: "here" });
  });
});

describe("no_proxy", () => {
  it.each([
    ["*.azure.invalid", true],
    ["x, *.AZURE.invalid:443", false],
    ["*.azure.invalid:8443", true],
    ["*.contoso.invalid", false],
    ["*.dev.azure.invalid", false],
  ])("of %s goes past the proxy: %s", async (list, isPast) => {
    vi.stubEnv("no_proxy", list);
    vi.stubEnv("https_proxy", "http://127.0.0.1:1");
    const error = await transport()
      .send(asking({ url: "https://dev.azure.invalid:8443/", timeoutMs: 2_000 }))
      .catch((thrown) => thrown);
    expect(/the proxy 127/.test(error.message)).toBe(!isPast);
  });
});

describe("TLS", () => {
  it("that is none is said to be none", async () => {
    const { port } = await plain();
    await expect(transport().send(asking({ url: `https://127.0.0.1:${port}/` }))).rejects.toMatchObject({
      message: "what answered did not speak TLS, or none that is spoken here",
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
