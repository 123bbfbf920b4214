import { isPlainLoopback } from "../core/loopback.ts";

/** An Azure DevOps organization, or a server's collection. */
export interface Organization {
  /** Address without a slash at its end: what every API path is appended to. */
  readonly base: string;
  /** For people. */
  readonly name: string;
}

/** What the address of a pipeline or of a run says. */
interface Pasted {
  readonly organization: Organization;
  readonly project: string;
  readonly pipelineId: number | undefined;
  readonly runId: number | undefined;
}

/** Reads a name (`contoso`) or an address (`https://server/tfs/DefaultCollection`). */
export function organizationOf(raw: string): Organization {
  if (!raw.includes("://")) {
    if (!/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(raw)) {
      throw new Error(`expected a name such as contoso or an address with https://, got "${raw}"`);
    }
    return { base: `https://dev.azure.com/${encodeURIComponent(raw)}`, name: raw };
  }
  const url = safeUrl(raw);
  const segments = url.pathname.split("/").filter((segment) => segment !== "");
  if (isHosted(url) && segments.length !== 1) {
    throw new Error(`expected https://dev.azure.com/NAME and nothing behind it, got "${raw}"`);
  }
  if (isOldHost(url) && !isCollection(segments)) {
    throw new Error(`expected https://NAME.visualstudio.com and nothing behind it, got "${raw}"`);
  }
  return organizationAt(url, segments);
}

/** Reads `…/_build?definitionId=42` or `…/_build/results?buildId=345`, as pasted from the browser. */
export function pastedAddress(raw: string): Pasted {
  const url = safeUrl(raw);
  const segments = url.pathname.split("/").filter((segment) => segment !== "");
  const mark = segments.findIndex((segment) => segment.toLowerCase() === "_build");
  const project = segments[mark - 1];
  const pipelineId = queryNumber(url, "definitionId");
  const runId = queryNumber(url, "buildId");
  const before = segments.slice(0, Math.max(0, mark - 1));
  const isMisplaced = isHosted(url) ? mark !== 2 : isOldHost(url) && !isCollection(before);
  if (mark < 1 || project === undefined || isMisplaced) {
    throw new Error("expected an address with ORGANIZATION/PROJECT/_build in it");
  }
  if (pipelineId === undefined && runId === undefined) {
    throw new Error("expected the address of a pipeline (definitionId=…) or of a run (buildId=…)");
  }
  return {
    organization: organizationAt(url, before),
    project: decoded(project),
    pipelineId,
    runId,
  };
}

/** Azure DevOps Services, and not a server of one's own. */
export function isService({ base }: Organization): boolean {
  const url = new URL(base);
  return isHosted(url) || isOldHost(url);
}

/** Whether two addresses mean the same organization: `contoso.visualstudio.com` is `dev.azure.com/contoso`. */
export function sameOrganization(a: Organization, b: Organization): boolean {
  return identityOf(a) === identityOf(b);
}

function safeUrl(raw: string): URL {
  const url = URL.parse(raw);
  if (url === null) throw new Error(`expected an address that starts with https://, got "${raw}"`);
  if (url.username !== "" || url.password !== "") {
    throw new Error("the address holds a user name or password; take it out and use the input `token`");
  }
  if (url.protocol !== "https:" && !isPlainLoopback(url)) {
    throw new Error(
      `the address must start with https://, so that no token travels in the clear; got "${raw}"`,
    );
  }
  return url;
}

function organizationAt(url: URL, path: readonly string[]): Organization {
  const base = [url.origin, ...path].join("/");
  const [tenant = ""] = url.hostname.split(".");
  const name = isOldHost(url) ? tenant : decoded(path.at(-1) ?? url.host);
  return { base, name };
}

function isHosted(url: URL): boolean {
  return url.hostname === "dev.azure.com";
}

function isOldHost(url: URL): boolean {
  return url.hostname.endsWith(".visualstudio.com");
}

/** What may stand behind an organization's old host: nothing, or the one collection that it has. */
function isCollection(segments: readonly string[]): boolean {
  return segments.length === 0 || /^DefaultCollection$/i.test(segments.join("/"));
}

function identityOf(organization: Organization): string {
  const { base, name } = organization;
  return (isService(organization) ? `hosted ${name}` : base).toLowerCase();
}

function queryNumber(url: URL, name: string): number | undefined {
  for (const [key, value] of url.searchParams) {
    if (key.toLowerCase() === name.toLowerCase() && /^[1-9]\d{0,15}$/.test(value)) return Number(value);
  }
  return undefined;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
