import { isHttpLoopback, isLoopback } from "../core/loopback.ts";

/** Where the service itself answers: only there a token may travel. */
export function isOwnHost(url: URL, baseUrl: string): boolean {
  const organizationUrl = new URL(baseUrl);
  if (url.origin === organizationUrl.origin || isSameOnLoopback(url, organizationUrl)) return true;
  const organization = organizationName(organizationUrl);
  if (organization === undefined || url.protocol !== "https:" || url.port !== "") return false;
  const host = url.hostname;
  return (
    host === "dev.azure.com" ||
    host.endsWith(".dev.azure.com") ||
    host === `${organization}.visualstudio.com` ||
    host.endsWith(".artifacts.visualstudio.com")
  );
}

/** This machine has several names, and a server that is reached by one may call itself by another. */
function isSameOnLoopback(url: URL, organizationUrl: URL): boolean {
  const areLoopback = isLoopback(url.hostname) && isLoopback(organizationUrl.hostname);
  return areLoopback && url.protocol === organizationUrl.protocol && url.port === organizationUrl.port;
}

/** A download may come from anywhere, but not in the clear; on this machine, where the organization is too, it may. */
export function isSafeUrl(url: URL, baseUrl: string): boolean {
  return url.protocol === "https:" || (isHttpLoopback(url) && isLoopback(new URL(baseUrl).hostname));
}

/** The organization's name, where it is one of Azure DevOps Services. */
function organizationName({ hostname, pathname, port }: URL): string | undefined {
  if (port !== "") return undefined;
  if (hostname === "dev.azure.com") return pathname.split("/")[1]?.toLowerCase();
  return /^([^.]+)\.visualstudio\.com$/.exec(hostname)?.[1];
}
