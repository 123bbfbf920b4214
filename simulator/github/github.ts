import { createFaults } from "../http/faults.ts";
import type { ApiResponse } from "../http/response.ts";
import { type IncomingRequest, listen } from "../http/server.ts";
import type { SerializedResponse } from "../http/write-response.ts";
import type { Fault, FaultKind, SeenRequest } from "../options.ts";
import { listSuiteCheckRuns, listSuites, readSuite, rerequestCheckRun } from "./check-suites.ts";
import {
  listBranches,
  type RateLimit,
  readBranch,
  readBranchRef,
  readRateLimit,
  readRepository,
} from "./repository.ts";
import { commitBody, errorBody } from "./responses.ts";
import {
  createCheckRun,
  createStatus,
  type GitHubStore,
  listAnnotations,
  listCheckRuns,
  listStatuses,
  readCheckRun,
  readCombinedStatus,
  unprocessable,
  updateCheckRun,
} from "./store.ts";
import type { JsonObject } from "./validation.ts";

export interface GitHubOptions {
  /** 0 or blank: any free port of 127.0.0.1. */
  readonly port?: number;
  /** `/api/v3` on GitHub Enterprise Server. */
  readonly basePath?: string;
  readonly repository?: string;
  /** How many requests the token has left in this hour. */
  readonly budget?: number;
  /** What the token may not write. */
  readonly denied?: readonly ("checks" | "statuses")[];
  readonly accepts?: (token: string) => boolean;
  /** Called with each request once it is read. */
  readonly onRequest?: (request: SeenRequest) => void;
  /** Parents by commit. Reading a commit that isn't here is a 404. */
  readonly commits?: Readonly<Record<string, readonly string[]>>;
  /** Commits by branch. */
  readonly branches?: Readonly<Record<string, string>>;
  readonly now?: () => number;
}

export interface GitHub extends GitHubStore, AsyncDisposable {
  /** What GITHUB_API_URL would be. */
  readonly url: string;
  readonly requests: readonly SeenRequest[];
  order(fault: Fault): void;
  close(): Promise<void>;
}

const defaultRepository = "contoso/web";

type Route = (arrival: IncomingRequest, match: RegExpExecArray) => ApiResponse | undefined;

/** A secondary rate limit, below the hour's budget: for `order`. */
export function secondaryLimit(retryAfterSeconds: number): FaultKind {
  const message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.";
  return {
    kind: "status",
    status: 403,
    headers: { "retry-after": String(retryAfterSeconds) },
    body: errorBody(403, message),
  };
}

/** Starts a GitHub of one repository, as far as check runs and commit statuses go. */
export async function startGitHub(options: GitHubOptions = {}): Promise<GitHub> {
  const { basePath = "", repository = defaultRepository, budget = 1000, now = Date.now } = options;
  const store: GitHubStore = {
    checkRuns: [],
    statuses: [],
    repositoryUrl: () => `${server.origin}${basePath}/repos/${repository}`,
  };
  const faults = createFaults();
  const requests: SeenRequest[] = [];
  const routes = routesOf(options, store, now);
  const rateLimitPath = `${basePath}/rate_limit`;
  /** Reading the limit does not count. */
  const rateLimit = () => ({
    limit: budget,
    used: requests.filter(({ path }) => path !== rateLimitPath).length,
    reset: Math.ceil(now() / 3_600_000) * 3_600,
  });
  const server = await listen({
    port: options.port ?? 0,
    host: "127.0.0.1",
    faults,
    response: (request) => {
      const limit = rateLimit();
      if (request.url.pathname === rateLimitPath) return readRateLimit(limit);
      return limit.used > budget ? rateLimitExceeded() : handleRequest(request, routes, options);
    },
    serialize: (response) => withResponseHeaders(response, rateLimit(), now()),
    onRequest: (request) => {
      requests.push(request);
      options.onRequest?.(request);
    },
    now,
  });
  return {
    ...store,
    url: `${server.origin}${basePath}`,
    requests,
    order: faults.add,
    close: server.close,
    [Symbol.asyncDispose]: server.close,
  };
}

function routesOf(options: GitHubOptions, store: GitHubStore, now: () => number): [RegExp, Route][] {
  const { denied = [], branches = {} } = options;
  const commitOf = (ref: string): string => {
    const name = decodeURIComponent(ref);
    return branches[name.replace(/^heads\//, "")] ?? name;
  };
  const requireWrite =
    (permission: "checks" | "statuses", route: Route): Route =>
    (request, match) => {
      const isPersonal = personalToken.test(tokenOf(request) ?? "");
      if (permission === "checks" && isPersonal)
        return errorResponse(403, "You must authenticate via a GitHub App.");
      if (!denied.includes(permission)) return route(request, match);
      const owner = isPersonal ? "personal access token" : "integration";
      return errorResponse(403, `Resource not accessible by ${owner}`);
    };
  return [
    [
      /^POST \/check-runs$/,
      requireWrite("checks", (request) => createCheckRun(store, parseJsonObject(request), now())),
    ],
    [
      /^PATCH \/check-runs\/(\d+)$/,
      requireWrite("checks", (request, [, id]) =>
        updateCheckRun(store, Number(id), parseJsonObject(request), now()),
      ),
    ],
    [/^GET \/check-runs\/(\d+)$/, (_, [, id]) => readCheckRun(store, Number(id))],
    [/^GET \/check-runs\/(\d+)\/annotations$/, ({ url }, [, id]) => listAnnotations(store, Number(id), url)],
    [
      /^GET \/commits\/(.+)\/check-runs$/,
      ({ url }, [, sha = ""]) => listCheckRuns(store, commitOf(sha), url),
    ],
    [/^GET \/commits\/(.+)\/check-suites$/, ({ url }, [, sha = ""]) => listSuites(store, commitOf(sha), url)],
    [/^GET \/check-suites\/(\d+)$/, (_, [, id]) => readSuite(store, Number(id))],
    [
      /^GET \/check-suites\/(\d+)\/check-runs$/,
      ({ url }, [, id]) => listSuiteCheckRuns(store, Number(id), url),
    ],
    [
      /^POST \/check-runs\/(\d+)\/rerequest$/,
      requireWrite("checks", (_, [, id]) => rerequestCheckRun(store, Number(id))),
    ],
    [/^GET \/commits\/(.+)\/statuses$/, ({ url }, [, sha = ""]) => listStatuses(store, commitOf(sha), url)],
    [
      /^GET \/commits\/(.+)\/status$/,
      ({ url }, [, sha = ""]) => readCombinedStatus(store, commitOf(sha), url),
    ],
    [/^GET \/commits\/(.+)$/, (_, [, sha = ""]) => readCommit(options, commitOf(sha), store)],
    [/^GET $/, () => readRepository(branches, store.repositoryUrl())],
    [/^GET \/branches$/, ({ url }) => listBranches(branches, store.repositoryUrl(), url)],
    [
      /^GET \/branches\/(.+)$/,
      (_, [, name = ""]) => {
        const branch = decodeURIComponent(name);
        const parents = options.commits?.[branches[branch] ?? ""] ?? [];
        return readBranch(branches, branch, { parents, repositoryUrl: store.repositoryUrl() });
      },
    ],
    [
      /^GET \/git\/ref\/heads(?:\/|%2F)(.+)$/,
      (_, [, name = ""]) => readBranchRef(branches, decodeURIComponent(name), store.repositoryUrl()),
    ],
    // The simulated repository has no pull requests.
    [/^GET \/(?:commits\/.+\/)?pulls$/, () => ({ status: 200, json: [] })],
    [/^POST \/dispatches$/, (request) => dispatchRepository(parseJsonObject(request))],
    [
      /^POST \/statuses\/([^/]+)$/,
      requireWrite("statuses", (request, [, sha = ""]) =>
        createStatus(store, sha, parseJsonObject(request), now()),
      ),
    ],
  ];
}

function readCommit({ commits = {} }: GitHubOptions, sha: string, store: GitHubStore): ApiResponse {
  const parents = commits[sha];
  if (parents === undefined) return errorResponse(404, `No commit found for SHA: ${sha}`);
  return { status: 200, json: commitBody(sha, parents, store.repositoryUrl()) };
}

/** https://docs.github.com/rest/repos/repos#create-a-repository-dispatch-event: accepted, and seen in `requests`. */
function dispatchRepository({ event_type: type, client_payload: payload = {} }: JsonObject): ApiResponse {
  if (typeof type !== "string" || type === "") return unprocessable("event_type can't be blank");
  if (type.length > 100) return unprocessable("event_type is too long (maximum is 100 characters)");
  if (typeof payload !== "object" || payload === null || Object.keys(payload).length > 10)
    return unprocessable("client_payload is not an object of at most 10 properties");
  return { status: 204 };
}

function handleRequest(
  request: IncomingRequest,
  routes: readonly [RegExp, Route][],
  options: GitHubOptions,
): ApiResponse {
  const { url, headers } = request;
  // A HEAD gets what a GET gets, without the body.
  const method = request.method === "HEAD" ? "GET" : request.method;
  const { basePath = "", repository = defaultRepository } = options;
  const repositoryPath = `${basePath}/repos/${repository}`.toLowerCase();
  const token = tokenOf(request);
  if (headers["user-agent"] === undefined)
    return errorResponse(403, "Request forbidden by administrative rules.");
  if (token === undefined || options.accepts?.(token) === false) return errorResponse(401, "Bad credentials");
  if (!isJsonOrBlank(request.body)) return errorResponse(400, "Problems parsing JSON");
  const isRepositoryPath = `${url.pathname}/`.toLowerCase().startsWith(`${repositoryPath}/`);
  for (const [pattern, route] of isRepositoryPath ? routes : []) {
    const match = pattern.exec(`${method} ${url.pathname.slice(repositoryPath.length)}`);
    const response = match && route(request, match);
    if (response) return response;
  }
  return errorResponse(404, "Not Found");
}

/** Check runs belong to apps, so the tokens of people cannot write them. */
const personalToken = /^(?:ghp_|gho_|github_pat_)/;

function tokenOf({ headers }: IncomingRequest): string | undefined {
  return /^(?:token|bearer) (.+)$/i.exec(headers["authorization"] ?? "")?.[1];
}

function rateLimitExceeded(): ApiResponse {
  return errorResponse(403, "API rate limit exceeded for installation ID 1.");
}

function errorResponse(status: number, message: string): ApiResponse {
  return {
    status,
    json: errorBody(status, message),
  };
}

function withResponseHeaders(
  { status, type, headers, json, body }: ApiResponse,
  { limit, used, reset }: RateLimit,
  now: number,
): SerializedResponse {
  return {
    status,
    headers: {
      date: new Date(now).toUTCString(),
      "content-type": type ?? "application/json; charset=utf-8",
      "x-ratelimit-limit": String(limit),
      "x-ratelimit-remaining": String(Math.max(0, limit - used)),
      "x-ratelimit-reset": String(reset),
      "x-github-media-type": "github.v3; format=json",
      ...headers,
    },
    body: json === undefined ? (body ?? "") : JSON.stringify(json),
  };
}

function isJsonOrBlank(body: string): boolean {
  try {
    return body.trim() === "" || JSON.parse(body) !== undefined;
  } catch {
    return false;
  }
}

function parseJsonObject({ body }: IncomingRequest): JsonObject {
  const value: unknown = body.trim() === "" ? {} : JSON.parse(body);
  return typeof value === "object" && value !== null ? (value as JsonObject) : {};
}
