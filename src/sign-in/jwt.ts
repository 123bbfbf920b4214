type Claims = Readonly<Record<string, unknown>>;

/** The claims of a signed JWT, unverified, or undefined where the text is none. */
export function claimsOf(text: string): Claims | undefined {
  const parts = text.split(".");
  if (parts.length !== 3 || !parts.every((part) => /^[\w-]+$/.test(part))) return undefined;
  const [header = "", payload = ""] = parts;
  const head = jsonOf(header);
  if (head === undefined || !("alg" in head || "typ" in head)) return undefined;
  return jsonOf(payload) ?? {};
}

function jsonOf(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Claims)
      : undefined;
  } catch {
    return undefined;
  }
}
