import { isLoopback, isPlainLoopback } from "../core/loopback.ts";

/** Where the service itself answers: only there a token may travel. */
export function isOwnHost(url: URL, base: string): boolean {
  const home = new URL(base);
  if (url.origin === home.origin || isSameOnLoopback(url, home)) return true;
  const tenant = tenantOf(home);
  if (tenant === undefined || url.protocol !== "https:" || url.port !== "") return false;
  const host = url.hostname;
  return (
    host === "dev.azure.com" ||
    host.endsWith(".dev.azure.com") ||
    host === `${tenant}.visualstudio.com` ||
    host.endsWith(".artifacts.visualstudio.com")
  );
}

/** This machine has several names, and a server that is reached by one may call itself by another. */
function isSameOnLoopback(url: URL, home: URL): boolean {
  const isHere = isLoopback(url.hostname) && isLoopback(home.hostname);
  return isHere && url.protocol === home.protocol && url.port === home.port;
}

/** A download may come from anywhere, but not in the clear; on this machine, where the organization is too, it may. */
export function isSafe(url: URL, base: string): boolean {
  return url.protocol === "https:" || (isPlainLoopback(url) && isLoopback(new URL(base).hostname));
}

/** The organization's name, where it is one of Azure DevOps Services. */
function tenantOf({ hostname, pathname, port }: URL): string | undefined {
  if (port !== "") return undefined;
  if (hostname === "dev.azure.com") return pathname.split("/")[1]?.toLowerCase();
  return /^([^.]+)\.visualstudio\.com$/.exec(hostname)?.[1];
}
