import type { Clock } from "../lib/time.ts";
import type { SignIn, Transport } from "../ports.ts";
import {
  type ApiEndpoint,
  type ApiRequest,
  type ApiResponse,
  type Policy,
  responseTimeoutMs,
  type SendRequest,
} from "./api-request.ts";
import { authorizationFor, authPolicy } from "./auth-policy.ts";
import { decodeResponse, type Redact } from "./responses.ts";
import {
  createRetryAfterRegistry,
  type RetryAfterRegistry,
  retryAfterPolicy,
  retryPolicy,
} from "./retry-policy.ts";
import { versionPolicy } from "./version-policy.ts";

export interface ApiDeps {
  readonly transport: Transport;
  readonly signIn: SignIn;
  readonly clock: Clock;
  readonly random: () => number;
  /** Hides the secrets that are known by now. */
  readonly redact: Redact;
  /** Called before a request waits because of a Retry-After. Milliseconds. */
  readonly onRetryAfter?: ((delayMs: number) => void) | undefined;
}

/** A place, the means to ask it, and what it has said so far to whoever asked: nobody has to be told twice. */
export interface ApiClient extends ApiDeps {
  readonly endpoint: ApiEndpoint;
  /** What every question goes through, also one whose answer is read as it comes: the sign-in and the version. */
  readonly authAndVersionPolicy: Policy;
  readonly retryAfterRegistry: RetryAfterRegistry;
}

export function createApiClient(endpoint: ApiEndpoint, deps: ApiDeps): ApiClient {
  const retryAfterRegistry = createRetryAfterRegistry(deps.clock);
  const [withAuth, withVersion] = [authPolicy(deps), versionPolicy(endpoint.apiVersion)];
  return {
    ...deps,
    endpoint,
    transport: retryAfterRegistry.trackResponses(deps.transport),
    authAndVersionPolicy: (send) => withAuth(withVersion(send)),
    retryAfterRegistry,
  };
}

/** One organization's API, with sign-in, version, patience and rest seen to. */
export function withPolicies(client: ApiClient): SendRequest {
  const sendPlain = <T>(request: ApiRequest<T>) => sendOnce(request, client);
  return retryAfterPolicy(
    retryPolicy(client.authAndVersionPolicy(sendPlain), client),
    client.retryAfterRegistry,
    { url: client.endpoint.baseUrl, onDelay: client.onRetryAfter },
  );
}

/** Test results live on a host of their own, except where the organization is a server's collection. */
export function testResultsClient(client: ApiClient): ApiClient {
  const { endpoint } = client;
  const { hostname, pathname } = new URL(endpoint.baseUrl);
  const legacyOrganization = /^([^.]+)\.visualstudio\.com$/.exec(hostname)?.[1];
  if (hostname !== "dev.azure.com" && legacyOrganization === undefined) return client;
  const baseUrl = `https://vstmr.dev.azure.com${legacyOrganization === undefined ? pathname : `/${legacyOrganization}`}`;
  return { ...client, endpoint: { ...endpoint, baseUrl } };
}

async function sendOnce<T>(request: ApiRequest<T>, client: ApiClient): Promise<ApiResponse<T>> {
  const { endpoint, transport, clock } = client;
  const { method, body, signal } = request;
  const authorization = await authorizationFor(request, client);
  signal.throwIfAborted();
  const response = await transport.send({
    method,
    url: requestUrl(request, endpoint),
    headers: {
      accept: "application/json",
      // Turns the redirect to a sign-in page into a plain 401.
      "x-tfs-fedauthredirect": "Suppress",
      authorization,
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    timeoutMs: responseTimeoutMs(request, clock.now()),
    signal: request.onSend?.() ?? signal,
  });
  return decodeResponse(request, response, client);
}

export function requestUrl(
  { path, query, version }: Pick<ApiRequest, "path" | "query" | "version">,
  endpoint: ApiEndpoint,
) {
  const pairs = Object.entries({ ...query, "api-version": version ?? endpoint.apiVersion }).flatMap(
    ([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`]),
  );
  return `${endpoint.baseUrl}/${encodeURIComponent(endpoint.project)}/${path}?${pairs.join("&")}`;
}
