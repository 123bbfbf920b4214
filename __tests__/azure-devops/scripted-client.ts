import { createApiClient, withPolicies } from "../../src/azure-devops/api-client.ts";
import type { ApiEndpoint, SendRequest } from "../../src/azure-devops/api-request.ts";
import type { HttpRequest, HttpResponse, SignIn, Transport } from "../../src/ports.ts";
import { createFakeClock, type FakeClock } from "../support/fake-clock.ts";

export const neverAborted = new AbortController().signal;

export const endpoint: ApiEndpoint = {
  baseUrl: "https://dev.azure.com/contoso",
  project: "web & co",
  apiVersion: "7.1",
  givenInputs: new Set(["organization", "project", "pipeline-id"]),
};

export const projectApiUrl = "https://dev.azure.com/contoso/web%20%26%20co/_apis/";

type ScriptedResponse = Partial<HttpResponse> | Error;

interface ScriptedClient {
  readonly send: SendRequest;
  readonly requests: readonly HttpRequest[];
  readonly clock: FakeClock;
  /** `METHOD path?query` of each request, below the project's API. */
  requestLines(): string[];
  refreshCount(): number;
}

interface ClientOptions {
  readonly endpoint?: ApiEndpoint;
  readonly random?: () => number;
  /** Whether the token can be refreshed. */
  readonly canRefresh?: boolean;
}

/** An API client with all policies, whose transport returns these responses, repeating the last one. */
export function createScriptedClient(
  responses: readonly ScriptedResponse[],
  { random = () => 1, canRefresh = false, ...options }: ClientOptions = {},
): ScriptedClient {
  const requests: HttpRequest[] = [];
  const clock = createFakeClock(Date.parse("2026-06-02T14:40:00Z"));
  const transport: Transport = {
    send: async (request) => {
      requests.push(request);
      const response = responses[Math.min(requests.length, responses.length) - 1] ?? {};
      if (response instanceof Error) throw response;
      return { status: 200, headers: {}, body: "", ...response };
    },
    stream: () => Promise.reject(new Error("nothing is downloaded here")),
  };
  let refreshCount = 0;
  const signIn: SignIn = {
    description: undefined,
    authorization: async () => `Bearer token-${refreshCount}`,
    refresh: async () => {
      if (canRefresh) refreshCount += 1;
      return canRefresh;
    },
  };
  const deps = { transport, signIn, clock, random, redact: (text: string) => text };
  return {
    send: withPolicies(createApiClient(options.endpoint ?? endpoint, deps)),
    requests,
    clock,
    requestLines: () => requests.map(({ method, url }) => `${method} ${url.replace(projectApiUrl, "")}`),
    refreshCount: () => refreshCount,
  };
}

export function jsonResponse(body: unknown, overrides: Partial<HttpResponse> = {}): HttpResponse {
  return {
    status: 200,
    body: JSON.stringify(body),
    ...overrides,
    headers: { "content-type": "application/json; charset=utf-8", ...overrides.headers },
  };
}
