import { ResponseTooLargeError, TransientError } from "../errors.ts";
import type { Clock } from "../lib/time.ts";
import type { SignIn, Transport } from "../ports.ts";
import {
  type ApiEndpoint,
  type ApiRequest,
  type ApiResponse,
  type Policy,
  type Redact,
  responseTimeoutMs,
  type SendRequest,
} from "./api-request.ts";
import { authorizationFor, authPolicy } from "./auth-policy.ts";
import { decodeResponse, isSuccessful } from "./responses.ts";
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
  /** Replaces the secrets that are known so far. */
  readonly redact: Redact;
  /** Called before a request waits because of a Retry-After. Milliseconds. */
  readonly onRetryAfter?: ((delayMs: number) => void) | undefined;
}

/** An organization's API, and the state that its requests share: sign-in, version and requested delays. */
export interface ApiClient extends ApiDeps {
  readonly endpoint: ApiEndpoint;
  /** Adds sign-in and API version to every request, including those with a streamed response. */
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

/** Sends requests to an organization's API, with sign-in, version, retries and Retry-After. */
export function withPolicies(client: ApiClient): SendRequest {
  const sendPlain = <T>(request: ApiRequest<T>) => sendOnce(request, client);
  return retryAfterPolicy(
    retryPolicy(client.authAndVersionPolicy(sendPlain), client),
    client.retryAfterRegistry,
    { url: client.endpoint.baseUrl, onDelay: client.onRetryAfter },
  );
}

/** Test results have a host of their own, except for a collection of a server. */
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
  const sending = transport.send({
    method,
    url: requestUrl(request, endpoint),
    headers: {
      accept: "application/json",
      // Changes the redirect to a sign-in page into a 401.
      "x-tfs-fedauthredirect": "Suppress",
      authorization,
      ...(body !== undefined && { "content-type": "application/json" }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    timeoutMs: responseTimeoutMs(request, clock.now()),
    signal: request.onSend?.() ?? signal,
  });
  const response = await sending.catch((error: unknown) => {
    // During a wait, what can't be read says nothing about the run.
    throw error instanceof ResponseTooLargeError && request.toleratesOutage
      ? new TransientError("the response was too large", { cause: error })
      : error;
  });
  if (isSuccessful(response)) return await decodeResponse(request, response, client);
  // Loaded only when it is needed.
  const { responseError } = await import("./response-error.ts");
  throw responseError(request, response, client);
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
