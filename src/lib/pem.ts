interface PemBlock {
  readonly label: string;
  /** Base64 without white space. */
  readonly body: string;
  readonly isEncrypted: boolean;
}

/** PEM blocks in canonical form. */
interface PemContents {
  readonly key: string;
  readonly certificates: readonly string[];
}

/**
 * Finds the private key and the certificates in PEM text, in any order, even if storing it as a secret changed its line
 * ends and indentation. Throws an Error whose message completes a sentence if they are missing. Nothing is decrypted or
 * parsed further, and no part of the text is quoted.
 */
export function parsePem(pem: string): PemContents {
  const blocks = pemBlocks(unwrapBase64(pem));
  const keys = blocks.filter(({ label }) => /PRIVATE KEY$/.test(label));
  const certificates = blocks.filter(({ label }) => /CERTIFICATE$/.test(label));
  if (keys.some(({ isEncrypted }) => isEncrypted)) {
    throw new Error(
      "contains an encrypted private key; decrypt it before storing it: openssl pkey -in encrypted.pem -out plain.pem",
    );
  }
  const [key, other] = distinctKeys(keys);
  if (other)
    throw new Error("contains more than one private key; keep only that of the application's certificate");
  if (!key) throw new Error("contains no private key; add the private key's PEM block to the certificate's");
  if (certificates.length === 0) {
    throw new Error("contains no certificate; add the certificate's PEM block to the private key's");
  }
  return { key: formatBlock(key), certificates: certificates.map(formatBlock) };
}

/** PEM may be base64-encoded once more, to fit into a one-line field. */
function unwrapBase64(text: string): string {
  return text.includes("-----BEGIN") ? text : (decodeBase64(text.replaceAll(/\s/g, "")) ?? text);
}

function pemBlocks(text: string): readonly PemBlock[] {
  // JSON escapes the line ends of a secret; PEM itself contains no backslash.
  const plain = text.replaceAll(/\\r|\\n/g, "\n");
  return [...plain.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g)].map(
    ([, label = "", inner = ""]) => ({
      label,
      body: inner.replaceAll(/\s/g, ""),
      isEncrypted: label.startsWith("ENCRYPTED") || inner.includes("ENCRYPTED"),
    }),
  );
}

/** PKCS#8 ends with the PKCS#1 form of an RSA key: the text may contain one key in both forms. */
function distinctKeys(keys: readonly PemBlock[]): readonly PemBlock[] {
  return keys.filter(
    (key, index) =>
      !keys.some((other, otherIndex) => otherIndex !== index && containsKey(other, key, otherIndex < index)),
  );
}

function containsKey(other: PemBlock, key: PemBlock, isEarlier: boolean): boolean {
  const [outer, inner] = [decodeBase64(other.body), decodeBase64(key.body)];
  if (outer === undefined || inner === undefined) return false;
  return outer === inner ? isEarlier : outer.endsWith(inner);
}

function decodeBase64(base64: string): string | undefined {
  try {
    return atob(base64);
  } catch {
    return undefined;
  }
}

function formatBlock({ label, body }: PemBlock): string {
  const lines = body.match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}
