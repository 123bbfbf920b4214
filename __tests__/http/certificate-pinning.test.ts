import { X509Certificate } from "node:crypto";
import { createServer as createPlain } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { issueCertificate } from "../../simulator/entra/certificate.ts";
import { createTransport } from "../../src/http/transport.ts";

// A server whose certificate no authority vouches for, and that is known by its thumbprint alone.
const { certificate, key } = issueCertificate({ name: "Service Fabric" });

const seen: (string | undefined)[] = [];

const server = createServer({ cert: certificate, key }, ({ headers }, response) => {
  seen.push(headers["secret"]?.toString());
  response.end("token");
});

const transport = createTransport();

beforeAll(() => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve)));

afterAll(() => {
  transport.close();
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

const ask = (thumbprint: string, url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`) =>
  transport.send({
    method: "GET",
    url,
    headers: { secret: "s" },
    direct: true,
    thumbprint,
    timeoutMs: 5_000,
    signal: new AbortController().signal,
  });

it("a server with the certificate that it is known by is asked", async () => {
  const { fingerprint } = new X509Certificate(certificate);
  expect(await ask(fingerprint)).toMatchObject({ status: 200, body: "token" });
  expect((await ask(fingerprint.replaceAll(":", "").toLowerCase())).status).toBe(200);
  expect(seen).toEqual(["s", "s"]);
});

it("another is told nothing", async () => {
  seen.length = 0;
  await expect(ask("AB12")).rejects.toMatchObject({
    code: "unreachable",
    hint: expect.stringContaining("THUMBPRINT"),
  });
  expect(seen).toEqual([]);
});

it("in the clear there is no certificate to look at", async () => {
  const plain = createPlain((_, response) => response.end("plain"));
  await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
  const { port } = plain.address() as AddressInfo;
  expect(await ask("AB12", `http://127.0.0.1:${port}/`)).toMatchObject({ body: "plain" });
  plain.closeAllConnections();
  await new Promise((resolve) => plain.close(resolve));
});
