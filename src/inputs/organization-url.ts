import { reasonOf } from "../errors.ts";
import { isHttpLoopback } from "../lib/url.ts";
import { positiveInteger, singleLine } from "./parsers.ts";

/** An Azure DevOps organization, or a server's collection. */
export interface Organization {
  /** URL without a trailing slash: every API path is appended to it. */
  readonly base: string;
  /** For display. */
  readonly name: string;
}

/** The parts of the URL of a project, pipeline or run. */
interface PastedUrl {
  readonly organization: Organization;
  readonly project: string;
  readonly pipelineId: number | undefined;
  readonly runId: number | undefined;
}

/** Reads a name (`contoso`) or a URL (`https://server/tfs/DefaultCollection`). */
export function parseOrganization(raw: string): Organization {
  if (!raw.includes("://")) {
    // Properties of Unicode take a millisecond, and most names do not need them.
    if (!/^[a-z\d][\w.-]*$/i.test(raw) && !/^[\p{L}\p{N}][\p{L}\p{N}._-]*$/u.test(raw)) {
      throw new Error(`expected a name such as contoso or a URL with https://, got "${raw}"`);
    }
    return { base: `https://dev.azure.com/${encodeURIComponent(raw)}`, name: raw };
  }
  const url = safeUrl(raw);
  const segments = url.pathname.split("/").filter((segment) => segment !== "");
  if (isDevAzureHost(url) && segments.length !== 1) {
    throw new Error(`expected https://dev.azure.com/NAME with no path after it, got "${raw}"`);
  }
  if (isLegacyHost(url) && !isCollection(segments)) {
    throw new Error(`expected https://NAME.visualstudio.com with no path after it, got "${raw}"`);
  }
  return organizationFromUrl(url, segments);
}

/** Reads the URL of a pipeline, a run, the pipeline editor or a project, as copied from the browser. */
export function parsePastedUrl(raw: string): PastedUrl {
  const url = safeUrl(raw);
  const segments = url.pathname.split("/").filter((segment) => segment !== "");
  const [organizationPath, project] = splitProject(url, segments);
  return {
    organization: organizationFromUrl(url, organizationPath),
    project: decodeSegment(project),
    pipelineId: queryId(url, ["definitionId", "pipelineId", ...editorParameters(url)]),
    runId: queryId(url, ["buildId"]),
  };
}

/** The path up to the project, and the project, which is before the first segment of a page (`_build`, `_apps`). */
function splitProject(url: URL, segments: readonly string[]): readonly [readonly string[], string] {
  const pageIndex = segments.findIndex((segment) => segment.startsWith("_"));
  const path = pageIndex < 0 ? segments : segments.slice(0, pageIndex);
  const project = path.at(-1);
  const organizationPath = path.slice(0, -1);
  const isMisplaced = isDevAzureHost(url)
    ? organizationPath.length !== 1
    : isLegacyHost(url)
      ? !isCollection(organizationPath) || isCollection(path)
      : organizationPath.length === 0;
  if (project === undefined || isMisplaced) {
    throw new Error("expected the URL of a pipeline, a run or a project, with ORGANIZATION/PROJECT in it");
  }
  return [organizationPath, project];
}

/** The older classic editor calls the pipeline just `id`. */
function editorParameters(url: URL): readonly string[] {
  return url.searchParams.get("_a") === "edit-build-definition" ? ["id"] : [];
}

/** Azure DevOps Services, not a self-hosted Azure DevOps Server. */
export function isAzureDevOpsServices({ base }: Organization): boolean {
  const url = new URL(base);
  return isDevAzureHost(url) || isLegacyHost(url);
}

/** Azure DevOps Services, or a replacement for it on this machine. */
export function actsAsServices(organization: Organization): boolean {
  return isAzureDevOpsServices(organization) || isHttpLoopback(new URL(organization.base));
}

/** Whether two URLs mean the same organization: `contoso.visualstudio.com` is `dev.azure.com/contoso`. */
export function isSameOrganization(a: Organization, b: Organization): boolean {
  return organizationKey(a) === organizationKey(b);
}

function safeUrl(raw: string): URL {
  const url = URL.parse(raw);
  if (url === null) throw new Error(`expected a URL that starts with https://, got "${raw}"`);
  if (url.username !== "" || url.password !== "") {
    throw new Error("the URL contains a user name or password; remove it and use the input `token`");
  }
  if (url.protocol !== "https:" && !isHttpLoopback(url)) {
    throw new Error(`the URL must start with https://, so that no token is sent unencrypted; got "${raw}"`);
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

/** What may follow an organization's old host name: nothing, or its only collection. */
function isCollection(segments: readonly string[]): boolean {
  return segments.length === 0 || /^DefaultCollection$/i.test(segments.join("/"));
}

function organizationKey(organization: Organization): string {
  const { base, name } = organization;
  return (isAzureDevOpsServices(organization) ? `hosted ${name}` : base).toLowerCase();
}

function queryId(url: URL, names: readonly string[]): number | undefined {
  const wanted = names.map((name) => name.toLowerCase());
  for (const [name, value] of url.searchParams) {
    if (!wanted.includes(name.toLowerCase())) continue;
    try {
      return positiveInteger(value);
    } catch (error) {
      throw new Error(`${name}: ${reasonOf(error)}`);
    }
  }
  return undefined;
}

/** Reads a project's name or GUID; a name copied from the address bar is percent-encoded. */
export function projectName(raw: string): string {
  return decodeSegment(singleLine(raw));
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
