import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { issueCertificate } from "../../simulator/entra/certificate.ts";
import { parsePem } from "../../src/lib/pem.ts";

const { certificate, key } = issueCertificate({ name: "client" });

const other = issueCertificate({ name: "other" });

const both = certificate + key;

const pkcs1 = String(createPrivateKey(key).export({ type: "pkcs1", format: "pem" }));

const encrypted = (type: "pkcs1" | "pkcs8") =>
  String(createPrivateKey(key).export({ type, format: "pem", cipher: "aes-256-cbc", passphrase: "x" }));

describe("parsePem", () => {
  it.each<[string, string]>([
    ["certificate, then key", both],
    ["key, then certificate", key + certificate],
    ["among other text, with CRLF", `Bag Attributes\r\n${both.replaceAll("\n", "\r\n")}`],
    ["with escaped line ends", both.replaceAll("\n", String.raw`\n`)],
    ["with escaped CRLF", both.replaceAll("\n", String.raw`\r\n`)],
    ["with some line ends escaped", both.replaceAll("-\n", String.raw`-\n`)],
    ["indented", both.replaceAll(/^/gm, "    ")],
    ["with spaces instead of line ends", both.replaceAll("\n", " ")],
    ["encoded as base64 again", Buffer.from(both).toString("base64").replaceAll(/.{76}/g, "$&\n")],
    ["with the key twice", both + key],
  ])("finds a key and its certificate: %s", (_, text) => {
    expect(parsePem(text)).toEqual({ key, certificates: [certificate] });
  });

  it("finds a key that is given in two encodings", () => {
    expect([key, pkcs1]).toContain(parsePem(certificate + pkcs1 + key).key);
    expect([key, pkcs1]).toContain(parsePem(certificate + key + pkcs1).key);
  });

  it("finds all certificates, in their order", () => {
    const { certificates } = parsePem(other.certificate + key + certificate);
    expect(certificates).toEqual([other.certificate, certificate]);
  });
});

const curve = String(
  generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "sec1", format: "pem" }),
);

it.each<[string, string, RegExp]>([
  ["no key", certificate, /^contains no private key; add/],
  ["no certificate", key, /^contains no certificate; add/],
  ["no PEM block", "secret", /^contains no private key/],
  ["two keys", both + other.key, /^contains more than one private key; keep/],
  ["two kinds of keys", both + curve, /^contains more than one private key; keep/],
  ["an encrypted key", certificate + encrypted("pkcs8"), /^contains an encrypted private key; decrypt/],
  [
    "an encrypted PKCS #1 key",
    certificate + encrypted("pkcs1"),
    /^contains an encrypted private key; decrypt/,
  ],
])("parsePem rejects %s and does not quote the text", (_, text, words) => {
  expect(() => parsePem(text)).toThrow(words);
  expect(() => parsePem(text)).not.toThrow(/secret|BEGIN/);
});
