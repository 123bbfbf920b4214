const hourMs = 3_600_000;

/**
 * When a token stops being good, by our clock, from what came with it: `expires_in` in seconds or `expires_on`
 * in seconds since 1970, as numbers or as text. With both, the earlier: a cached token may come with its first
 * `expires_in`. A moment that is over already says more of our clock than of the token. With neither, an hour.
 */
export function tokenExpiry(body: Readonly<Record<string, unknown>>, requestedAt: number): number {
  const expiresInSeconds = toNumber(body["expires_in"]);
  const expiresOn = parseExpiry(body["expires_on"] ?? body["expiresOn"]);
  const candidates = [
    ...(expiresInSeconds === undefined || expiresInSeconds < 0
      ? []
      : [requestedAt + expiresInSeconds * 1_000]),
    ...(expiresOn === undefined || expiresOn <= requestedAt ? [] : [expiresOn]),
  ];
  return candidates.length === 0 ? requestedAt + hourMs : Math.min(...candidates);
}

function toNumber(value: unknown): number | undefined {
  if (typeof value !== "number" && (typeof value !== "string" || value.trim() === "")) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** Epoch seconds, or a date in words as old App Service hosts and old Azure CLIs write it. */
function parseExpiry(value: unknown): number | undefined {
  const seconds = toNumber(value);
  if (seconds !== undefined) return seconds * 1_000;
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}
