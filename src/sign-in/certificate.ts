import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { ActionError } from "../errors.ts";

/** A certificate and the key it was made for. */
export interface KeyPair {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

/**
 * Finds the private key (PKCS#8 or PKCS#1) and its certificate in PEM text, in whatever order and among however many.
 * `now` in milliseconds.
 */
export function keyPairIn(pem: string, now: number): KeyPair {
  const blocks = blocksOf(pem);
  const certificates = blocks.filter(({ label }) => /CERTIFICATE$/.test(label)).map(certificateOf);
  const keys = blocks.filter(({ label }) => /PRIVATE KEY$/.test(label));
  const [block, second] = keys;
  if (!block) throw refused("holds no private key", "Add the private key's PEM block to the certificate's.");
  if (second)
    throw refused("holds more than one private key", "Leave only the key of the application's certificate.");
  if (certificates.length === 0)
    throw refused("holds no certificate", "Add the certificate's PEM block to the private key's.");
  const key = keyOf(block);
  const certificate = certificates.find((candidate) => candidate.checkPrivateKey(key));
  if (!certificate) {
    throw refused(
      "holds a private key that belongs to none of its certificates",
      "Store the certificate with the key it was made for.",
    );
  }
  checkDates(certificate, now);
  return { certificate, key };
}

interface Block {
  readonly label: string;
  readonly pem: string;
}

function blocksOf(pem: string): readonly Block[] {
  // A secret that went through JSON or a one-line field has its line ends written out.
  const text = /[\r\n]/.test(pem.trim()) ? pem : pem.replaceAll(String.raw`\n`, "\n");
  return [...text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----[\s\S]*?-----END \1-----/g)].map(
    ([block, label = ""]) => ({
      label,
      pem: block,
    }),
  );
}

function certificateOf({ pem }: Block): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw refused(
      "holds a certificate that cannot be read",
      "Store the PEM text again, whole and with its line ends.",
    );
  }
}

function keyOf({ label, pem }: Block): KeyObject {
  if (label.startsWith("ENCRYPTED") || pem.includes("ENCRYPTED")) {
    throw refused(
      "holds an encrypted private key",
      "Decrypt it before storing it: openssl pkey -in encrypted.pem -out plain.pem.",
    );
  }
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw refused(
      "holds a private key that cannot be read",
      "Store the PEM text again, whole and with its line ends.",
    );
  }
  if (key.asymmetricKeyType === "rsa") return key;
  throw refused(
    `holds a key of the kind ${key.asymmetricKeyType ?? "unknown"}, with which Entra ID cannot check a signature`,
    "Make an RSA key of at least 2048 bits.",
  );
}

function checkDates(certificate: X509Certificate, now: number): void {
  if (Date.parse(certificate.validTo) < now) {
    throw refused(
      `expired at ${certificate.validTo}`,
      "Make a new certificate, upload it to the application and store it.",
    );
  }
  if (Date.parse(certificate.validFrom) > now + 300_000) {
    throw refused(
      `is not valid before ${certificate.validFrom}`,
      "Check this machine's clock, or wait until then.",
    );
  }
}

function refused(fault: string, hint: string): ActionError {
  return new ActionError("unauthorized", `The client certificate in \`client-certificate\` ${fault}.`, {
    hint,
  });
}
