type JwtClaims = Readonly<Record<string, unknown>>;

/** The claims of a signed JWT, unverified, or undefined where the text is none. */
export function decodeJwtClaims(text: string): JwtClaims | undefined {
  const parts = text.split(".");
  if (parts.length !== 3 || !parts.every((part) => /^[\w-]+$/.test(part))) return undefined;
  const [header = "", payload = ""] = parts;
  const decodedHeader = decodeJwtPart(header);
  if (decodedHeader === undefined || !("alg" in decodedHeader || "typ" in decodedHeader)) return undefined;
  return decodeJwtPart(payload) ?? {};
}

function decodeJwtPart(part: string): JwtClaims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as JwtClaims)
      : undefined;
  } catch {
    return undefined;
  }
}
