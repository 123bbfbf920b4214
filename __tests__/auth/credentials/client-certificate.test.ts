import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  verify,
  X509Certificate,
} from "node:crypto";
import { describe, expect, it } from "vitest";
import { issueCertificate, thumbprint } from "../../../simulator/entra/certificate.ts";
import { createSignIn } from "../../../src/auth/index.ts";
import {
  createAuthHarness,
  credentialConfigOf,
  formParameters,
  ids,
  neverAborted,
  scriptedTransport,
  tokenResponse,
} from "../harness.ts";

const authority = issueCertificate({ name: "Test authority", isAuthority: true });

const client = issueCertificate({
  name: "client",
  issuer: { name: "Test authority", key: authority.privateKey },
});

const pkcs1 = String(createPrivateKey(client.key).export({ type: "pkcs1", format: "pem" }));

const now = Date.now();

const expiredCertificate = issueCertificate({
  name: "client",
  notAfter: new Date(now - 1_000),
  key: client.privateKey,
}).certificate;

const corrupted = (pem: string) => pem.replace(/\n.{30}/, "\n");

function attempt(clientCertificate: string) {
  const harness = createAuthHarness(scriptedTransport(tokenResponse("t")), { now });
  return {
    harness,
    signIn: createSignIn(credentialConfigOf({ auth: "auto", ...ids, clientCertificate }), harness),
  };
}

describe("a client certificate", () => {
  it.each<[string, string]>([
    ["certificate, key", client.certificate + client.key],
    ["key, certificate", client.key + client.certificate],
    ["PKCS#1", pkcs1 + client.certificate],
    ["a chain in the wrong order", authority.certificate + client.key + client.certificate],
    [
      "other text around it, and CRLF",
      `Bag Attributes\r\n${client.certificate.replaceAll("\n", "\r\n")}subject=x\r\n${client.key}`,
    ],
    ["a second, unreadable certificate", corrupted(authority.certificate) + client.certificate + client.key],
    ["a second, expired certificate", expiredCertificate + client.key + client.certificate],
    ["the key in two encodings", client.key + pkcs1 + client.certificate],
  ])("signs an assertion, given as %s", async (_, pem) => {
    const { harness, signIn } = attempt(pem);
    expect(await signIn.authorization(neverAborted)).toBe("Bearer t");
    expect(harness.masked).toContain(pem);
    const form = formParameters(harness.transport.requests[0]);
    expect(form["client_assertion_type"]).toBe("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    const [header = "", payload = "", signature = ""] = (form["client_assertion"] ?? "").split(".");
    expect(decoded(header)).toEqual({ alg: "PS256", typ: "JWT", "x5t#S256": thumbprint(client) });
    const seconds = Math.floor(now / 1_000);
    expect(decoded(payload)).toMatchObject({
      aud: harness.transport.requests[0]?.url,
      iss: ids.clientId,
      sub: ids.clientId,
      jti: expect.any(String),
      iat: seconds,
      nbf: seconds,
      exp: seconds + 300,
    });
    const key = {
      key: createPublicKey(client.key),
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: 32,
    };
    expect(
      verify("sha256", Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, "base64url")),
    ).toBe(true);
  });

  const other = issueCertificate({ name: "other" });
  const expired = issueCertificate({ name: "old", notAfter: new Date(now - 1_000) });
  const future = issueCertificate({ name: "new", notBefore: new Date(now + 3_600_000) });
  const short = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  });
  const curve = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  });

  it.each<[string, string, string]>([
    ["another certificate's key", client.certificate + other.key, "belongs to none of its certificates"],
    ["an elliptic curve key", `${client.certificate}${curve}`, "a key of the type ec"],
    ["a short key", client.certificate + short, "an RSA key of only 1024 bits"],
    [
      "an unreadable certificate",
      corrupted(client.certificate) + client.key,
      "contains a certificate that cannot be read",
    ],
    [
      "an unreadable key",
      client.certificate + corrupted(client.key),
      "contains a private key that cannot be read",
    ],
  ])("causes bad-input before any request: %s: %s", async (_, pem, fault) => {
    const { harness, signIn } = attempt(pem);
    const error = await signIn.authorization(neverAborted).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "bad-input", hint: expect.any(String) });
    expect(error.message).toMatch(/^client-certificate: contains /);
    expect(error.message).toContain(fault);
    expect(harness.transport.requests).toEqual([]);
  });

  it.each<[string, string, string]>([
    ["has expired", expired.certificate + expired.key, "expired at"],
    ["is not valid yet", future.certificate + future.key, "is not valid before"],
  ])("causes unauthorized before any request if it %s: %s", async (_, pem, fault) => {
    const { harness, signIn } = attempt(pem);
    const error = await signIn.authorization(neverAborted).catch((thrown) => thrown);
    expect([error.code, error.message]).toEqual(["unauthorized", expect.stringContaining(fault)]);
    expect(harness.transport.requests).toEqual([]);
  });

  it("issued by the tests is a valid certificate", () => {
    const certificate = new X509Certificate(client.certificate);
    expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(certificate.subject).toBe("CN=client");
  });
});

function decoded(part: string): unknown {
  return JSON.parse(Buffer.from(part, "base64url").toString());
}
