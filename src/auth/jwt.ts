type JwtClaims = Readonly<Record<string, unknown>>;

/**
 * Whether a text has the form of a signed (three parts) or encrypted (five parts) JSON Web Token. The second of five, the
 * encrypted key, may be empty.
 */
export function isJsonWebToken(text: string): boolean {
  const parts = text.split(".");
  const [header = ""] = parts;
  const isWellFormed = (part: string, index: number) =>
    /^[\w-]+$/.test(part) || (parts.length === 5 && index === 1 && part === "");
  return [3, 5].includes(parts.length) && parts.every(isWellFormed) && decodeJwtPart(header) !== undefined;
}

/** The claims of a signed JWT, not verified; `undefined` where they cannot be read. */
export function decodeJwtClaims(text: string): JwtClaims | undefined {
  const parts = text.split(".");
  if (parts.length !== 3 || !isJsonWebToken(text)) return undefined;
  return decodeJwtPart(parts[1] ?? "") ?? {};
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
