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

describe("a key and its certificate are found", () => {
  it.each<[string, string]>([
    ["in order", both],
    ["the other way round", key + certificate],
    ["among words, with CRLF", `Bag Attributes\r\n${both.replaceAll("\n", "\r\n")}`],
    ["with their line ends written out", both.replaceAll("\n", String.raw`\n`)],
    ["with CRLF written out", both.replaceAll("\n", String.raw`\r\n`)],
    ["with some line ends written out and some not", both.replaceAll("-\n", String.raw`-\n`)],
    ["indented", both.replaceAll(/^/gm, "    ")],
    ["with spaces for line ends", both.replaceAll("\n", " ")],
    ["packed into base64 once more", Buffer.from(both).toString("base64").replaceAll(/.{76}/g, "$&\n")],
    ["with the key twice", both + key],
  ])("%s", (_, text) => {
    expect(parsePem(text)).toEqual({ key, certificates: [certificate] });
  });

  it("with the key in two encodings: one of them will do", () => {
    expect([key, pkcs1]).toContain(parsePem(certificate + pkcs1 + key).key);
    expect([key, pkcs1]).toContain(parsePem(certificate + key + pkcs1).key);
  });

  it("however many certificates there are", () => {
    const { certificates } = parsePem(other.certificate + key + certificate);
    expect(certificates).toEqual([other.certificate, certificate]);
  });
});

const curve = String(
  generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "sec1", format: "pem" }),
);

it.each<[string, string, RegExp]>([
  ["no key", certificate, /^holds no private key; add/],
  ["no certificate", key, /^holds no certificate; add/],
  ["nothing of the kind", "secret", /^holds no private key/],
  ["two keys", both + other.key, /^holds more than one private key; leave/],
  ["two kinds of keys", both + curve, /^holds more than one private key; leave/],
  ["an encrypted key", certificate + encrypted("pkcs8"), /^holds an encrypted private key; decrypt/],
  ["an encrypted old key", certificate + encrypted("pkcs1"), /^holds an encrypted private key; decrypt/],
])("%s is a mistake that is not quoted", (_, text, words) => {
  expect(() => parsePem(text)).toThrow(words);
  expect(() => parsePem(text)).not.toThrow(/secret|BEGIN/);
});
