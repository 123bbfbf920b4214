import { type KeyObject, randomUUID } from "node:crypto";
import {
  type JsonResponse,
  type JsonServer,
  type ReceivedRequest,
  startJsonServer,
} from "../http/json-server.ts";
import { createSigner } from "./tokens.ts";

interface GitHubOidcOptions {
  readonly subject?: string;
  readonly issuer?: string;
  readonly lifeSeconds?: number;
  /** More claims, or other values of the usual ones. */
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly now?: () => number;
  readonly port?: number;
  /** Called with each request once it is read. */
  readonly onRequest?: (request: ReceivedRequest) => void;
}

/** The part of GitHub Actions that issues a job's identity tokens. */
export interface GitHubOidc extends JsonServer {
  /** What the runner sets in the environment of a job with `id-token: write`. */
  readonly env: Readonly<Record<"ACTIONS_ID_TOKEN_REQUEST_URL" | "ACTIONS_ID_TOKEN_REQUEST_TOKEN", string>>;
  readonly issuer: string;
  readonly publicKey: KeyObject;
  readonly keyId: string;
  readonly issued: readonly string[];
}

export async function startGitHubOidc(options: GitHubOidcOptions = {}): Promise<GitHubOidc> {
  const { issuer = "https://token.actions.githubusercontent.com", now = Date.now } = options;
  const requestToken = randomUUID();
  const signer = createSigner();
  const issued: string[] = [];
  const server = await startJsonServer((request) => {
    options.onRequest?.(request);
    const errorResponse = validateRequest(request, requestToken);
    if (errorResponse) return errorResponse;
    const value = signer.sign({
      ...claimsFor(request, options),
      iss: issuer,
      ...timeClaims(now(), options.lifeSeconds),
      ...options.claims,
    });
    issued.push(value);
    return { status: 200, body: { count: value.length, value } };
  }, options.port);
  return {
    ...server,
    issuer,
    publicKey: signer.publicKey,
    keyId: signer.kid,
    issued,
    env: {
      // The real address has a query too.
      ACTIONS_ID_TOKEN_REQUEST_URL: `${server.url}/idtoken/1/2?api-version=2.0`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: requestToken,
    },
  };
}

function validateRequest(
  { query, headers, method }: ReceivedRequest,
  requestToken: string,
): JsonResponse | undefined {
  if (headers["authorization"] !== `Bearer ${requestToken}`)
    return { status: 401, body: { message: "Unauthorized" } };
  if (method !== "GET" || query.get("api-version") !== "2.0")
    return { status: 400, body: { message: "Bad request" } };
  return undefined;
}

function claimsFor(
  { query }: ReceivedRequest,
  { subject = "repo:octo/shop:ref:refs/heads/main" }: GitHubOidcOptions,
) {
  return {
    jti: randomUUID(),
    sub: subject,
    aud: query.get("audience") ?? "https://github.com/octo",
    repository: "octo/shop",
    repository_owner: "octo",
    ref: "refs/heads/main",
    event_name: "push",
    runner_environment: "github-hosted",
  };
}

function timeClaims(now: number, lifeSeconds = 300) {
  const seconds = Math.floor(now / 1_000);
  return { nbf: seconds - 300, iat: seconds, exp: seconds + lifeSeconds };
}
