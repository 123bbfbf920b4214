import { X509Certificate } from "node:crypto";
import { createServer as createPlain } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { issueCertificate } from "../../simulator/entra/certificate.ts";
import { createTransport } from "../../src/http/transport.ts";

// A server with a self-signed certificate, which the client only knows by its thumbprint.
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

const sendTo = (thumbprint: string, url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`) =>
  transport.send({
    method: "GET",
    url,
    headers: { secret: "s" },
    direct: true,
    thumbprint,
    timeoutMs: 5_000,
    signal: new AbortController().signal,
  });

it("a request is sent to a server whose certificate has the thumbprint", async () => {
  const { fingerprint } = new X509Certificate(certificate);
  expect(await sendTo(fingerprint)).toMatchObject({ status: 200, body: "token" });
  expect((await sendTo(fingerprint.replaceAll(":", "").toLowerCase())).status).toBe(200);
  expect(seen).toEqual(["s", "s"]);
});

it("a request is not sent to a server whose certificate has another thumbprint", async () => {
  seen.length = 0;
  await expect(sendTo("AB12")).rejects.toMatchObject({
    code: "unreachable",
    hint: expect.stringContaining("THUMBPRINT"),
  });
  expect(seen).toEqual([]);
});

it("a request over http is sent without a check of the thumbprint", async () => {
  const plain = createPlain((_, response) => response.end("plain"));
  await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
  const { port } = plain.address() as AddressInfo;
  expect(await sendTo("AB12", `http://127.0.0.1:${port}/`)).toMatchObject({ body: "plain" });
  plain.closeAllConnections();
  await new Promise((resolve) => plain.close(resolve));
});
