import { isHttpLoopback } from "../lib/url.ts";

/** An Azure DevOps organization, or a server's collection. */
export interface Organization {
  /** Address without a slash at its end: what every API path is appended to. */
  readonly base: string;
  /** For people. */
  readonly name: string;
}

/** What the address of a pipeline or of a run says. */
interface PastedUrl {
  readonly organization: Organization;
  readonly project: string;
  readonly pipelineId: number | undefined;
  readonly runId: number | undefined;
}

/** Reads a name (`contoso`) or an address (`https://server/tfs/DefaultCollection`). */
export function parseOrganization(raw: string): Organization {
  if (!raw.includes("://")) {
    if (!/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(raw)) {
      throw new Error(`expected a name such as contoso or an address with https://, got "${raw}"`);
    }
    return { base: `https://dev.azure.com/${encodeURIComponent(raw)}`, name: raw };
  }
  const url = safeUrl(raw);
  const segments = url.pathname.split("/").filter((segment) => segment !== "");
  if (isDevAzureHost(url) && segments.length !== 1) {
    throw new Error(`expected https://dev.azure.com/NAME and nothing behind it, got "${raw}"`);
  }
  if (isLegacyHost(url) && !isCollection(segments)) {
    throw new Error(`expected https://NAME.visualstudio.com and nothing behind it, got "${raw}"`);
  }
  return organizationFromUrl(url, segments);
}

/** Reads `…/_build?definitionId=42` or `…/_build/results?buildId=345`, as pasted from the browser. */
export function parsePastedUrl(raw: string): PastedUrl {
  const url = safeUrl(raw);
  const segments = url.pathname.split("/").filter((segment) => segment !== "");
  const buildIndex = segments.findIndex((segment) => segment.toLowerCase() === "_build");
  const project = segments[buildIndex - 1];
  const pipelineId = queryNumber(url, "definitionId");
  const runId = queryNumber(url, "buildId");
  const organizationPath = segments.slice(0, Math.max(0, buildIndex - 1));
  const isMisplaced = isDevAzureHost(url)
    ? buildIndex !== 2
    : isLegacyHost(url) && !isCollection(organizationPath);
  if (buildIndex < 1 || project === undefined || isMisplaced) {
    throw new Error("expected an address with ORGANIZATION/PROJECT/_build in it");
  }
  if (pipelineId === undefined && runId === undefined) {
    throw new Error("expected the address of a pipeline (definitionId=…) or of a run (buildId=…)");
  }
  return {
    organization: organizationFromUrl(url, organizationPath),
    project: decodeSegment(project),
    pipelineId,
    runId,
  };
}

/** Azure DevOps Services, and not a server of one's own. */
export function isAzureDevOpsServices({ base }: Organization): boolean {
  const url = new URL(base);
  return isDevAzureHost(url) || isLegacyHost(url);
}

/** Whether two addresses mean the same organization: `contoso.visualstudio.com` is `dev.azure.com/contoso`. */
export function isSameOrganization(a: Organization, b: Organization): boolean {
  return organizationKey(a) === organizationKey(b);
}

function safeUrl(raw: string): URL {
  const url = URL.parse(raw);
  if (url === null) throw new Error(`expected an address that starts with https://, got "${raw}"`);
  if (url.username !== "" || url.password !== "") {
    throw new Error("the address holds a user name or password; take it out and use the input `token`");
  }
  if (url.protocol !== "https:" && !isHttpLoopback(url)) {
    throw new Error(
      `the address must start with https://, so that no token travels in the clear; got "${raw}"`,
    );
  }
  return url;
}

function organizationFromUrl(url: URL, path: readonly string[]): Organization {
  const base = [url.origin, ...path].join("/");
  const [accountName = ""] = url.hostname.split(".");
  const name = isLegacyHost(url) ? accountName : decodeSegment(path.at(-1) ?? url.host);
  return { base, name };
}

function isDevAzureHost(url: URL): boolean {
  return url.hostname === "dev.azure.com";
}

function isLegacyHost(url: URL): boolean {
  return url.hostname.endsWith(".visualstudio.com");
}

/** What may stand behind an organization's old host: nothing, or the one collection that it has. */
function isCollection(segments: readonly string[]): boolean {
  return segments.length === 0 || /^DefaultCollection$/i.test(segments.join("/"));
}

function organizationKey(organization: Organization): string {
  const { base, name } = organization;
  return (isAzureDevOpsServices(organization) ? `hosted ${name}` : base).toLowerCase();
}

function queryNumber(url: URL, name: string): number | undefined {
  for (const [key, value] of url.searchParams) {
    if (key.toLowerCase() === name.toLowerCase() && /^[1-9]\d{0,15}$/.test(value)) return Number(value);
  }
  return undefined;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
