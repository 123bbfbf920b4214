import type { ReceivedRequest } from "../http/json-server.ts";

const microsoftHosts = [
  "login.microsoftonline.com",
  "login.microsoft.com",
  "login.windows.net",
  "sts.windows.net",
  "login.microsoftonline.us",
  "login.partner.microsoftonline.cn",
];

/**
 * The origin by which clients know this server: the name in `Host`. It is `https:` unless the name is loopback's, since
 * Microsoft's libraries accept nothing else; `x-forwarded-proto` makes it `https:` for loopback too.
 */
export function publicOrigin({ headers }: ReceivedRequest, publicUrl: string | undefined): string {
  if (publicUrl !== undefined) return new URL(publicUrl).origin;
  const host = headers["host"] ?? "localhost";
  const scheme = headers["x-forwarded-proto"]?.split(",")[0]?.trim();
  return `${scheme ?? (isLoopback(host) ? "http" : "https")}://${host}`;
}

/** Whether an origin is one of these, or of Entra ID itself: of a cloud, or of a region (`westeurope.login.microsoft.com`). */
export function isKnownOrigin(origin: string, origins: readonly string[]): boolean {
  const host = origin.replace(/^https:\/\//, "");
  return (
    origins.includes(origin) || microsoftHosts.includes(host) || /^[\w-]+\.login\.microsoft\.com$/.test(host)
  );
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])(:\d+)?$/i.test(host);
}
