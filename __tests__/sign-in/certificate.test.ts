import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  verify,
  X509Certificate,
} from "node:crypto";
import { describe, expect, it } from "vitest";
import { signIn } from "../../src/sign-in/index.ts";
import { issue, thumbprint } from "./authority.ts";
import { formOf, granting, ids, never, scripted, wayOf, world } from "./support.ts";

const authority = issue({ name: "Test authority", isAuthority: true });
const client = issue({ name: "client", issuer: { name: "Test authority", key: authority.privateKey } });
const pkcs1 = String(createPrivateKey(client.key).export({ type: "pkcs1", format: "pem" }));
const now = Date.now();

function attempt(clientCertificate: string) {
  const outside = world(scripted(granting("t")), { now });
  return { outside, signedIn: signIn(wayOf({ auth: "auto", ...ids, clientCertificate }), outside) };
}

describe("a client certificate", () => {
  it.each<[string, string]>([
    ["certificate, key", client.certificate + client.key],
    ["key, certificate", client.key + client.certificate],
    ["PKCS#1", pkcs1 + client.certificate],
    ["the chain in the wrong order", authority.certificate + client.key + client.certificate],
    [
      "words around it, and CRLF",
      `Bag Attributes\r\n${client.certificate.replaceAll("\n", "\r\n")}subject=x\r\n${client.key}`,
    ],
    ["line ends written out", (client.certificate + client.key).replaceAll("\n", "\\n")],
  ])("signs an assertion, from %s", async (_, pem) => {
    const { outside, signedIn } = attempt(pem);
    expect(await signedIn.authorization(never)).toBe("Bearer t");
    expect(outside.masked).toContain(pem);
    const form = formOf(outside.transport.requests[0]);
    expect(form["client_assertion_type"]).toBe("urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    const [header = "", payload = "", signature = ""] = (form["client_assertion"] ?? "").split(".");
    expect(decoded(header)).toEqual({ alg: "PS256", typ: "JWT", "x5t#S256": thumbprint(client) });
    const seconds = Math.floor(now / 1_000);
    expect(decoded(payload)).toMatchObject({
      aud: outside.transport.requests[0]?.url,
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

  const other = issue({ name: "other" });
  const expired = issue({ name: "old", until: new Date(now - 1_000) });
  const future = issue({ name: "new", from: new Date(now + 3_600_000) });
  const encrypted = createPrivateKey(client.key).export({
    type: "pkcs8",
    format: "pem",
    cipher: "aes-256-cbc",
    passphrase: "x",
  });
  const encryptedOld = createPrivateKey(client.key).export({
    type: "pkcs1",
    format: "pem",
    cipher: "aes-256-cbc",
    passphrase: "x",
  });
  const curve = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({
    type: "pkcs8",
    format: "pem",
  });

  it.each<[string, string, string]>([
    ["no key", client.certificate, "holds no private key"],
    ["no certificate", client.key, "holds no certificate"],
    ["two keys", client.certificate + client.key + other.key, "more than one private key"],
    ["an encrypted key", `${client.certificate}${encrypted}`, "holds an encrypted private key"],
    ["an encrypted old key", `${client.certificate}${encryptedOld}`, "holds an encrypted private key"],
    ["another's key", client.certificate + other.key, "belongs to none of its certificates"],
    ["an elliptic curve", `${client.certificate}${curve}`, "a key of the kind ec"],
    ["an expired one", expired.certificate + expired.key, "expired at"],
    ["one of the future", future.certificate + future.key, "is not valid before"],
    [
      "a torn one",
      `${client.certificate.replace(/\n.{30}/, "\n")}${client.key}`,
      "holds a certificate that cannot be read",
    ],
    [
      "a torn key",
      `${client.certificate}${client.key.replace(/\n.{30}/, "\n")}`,
      "holds a private key that cannot be read",
    ],
  ])("is refused before any request: %s", async (_, pem, fault) => {
    const { outside, signedIn } = attempt(pem);
    const error = await signedIn.authorization(never).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "unauthorized", hint: expect.any(String) });
    expect(error.message).toContain(fault);
    expect(outside.transport.requests).toEqual([]);
  });

  it("made by the tests is a certificate like any other", () => {
    const certificate = new X509Certificate(client.certificate);
    expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(certificate.subject).toBe("CN=client");
  });
});

function decoded(part: string): unknown {
  return JSON.parse(Buffer.from(part, "base64url").toString());
}
