import { type ApiEndpoint, createApiClient, withPolicies } from "../../src/azure-devops/api-client.ts";
import type { SendRequest } from "../../src/azure-devops/api-request.ts";
import type { HttpRequest, HttpResponse, SignIn, Transport } from "../../src/ports.ts";
import { type FakeClock, fakeClock } from "../support/fake-clock.ts";

export const never = new AbortController().signal;

export const place: ApiEndpoint = {
  baseUrl: "https://dev.azure.com/contoso",
  project: "web & co",
  apiVersion: "7.1",
};

export const site = "https://dev.azure.com/contoso/web%20%26%20co/_apis/";

type Scripted = Partial<HttpResponse> | Error;

interface Stage {
  readonly send: SendRequest;
  readonly requests: readonly HttpRequest[];
  readonly clock: FakeClock;
  /** `METHOD path?query` of each request, below the project's API. */
  lines(): string[];
  renewals(): number;
}

interface Given {
  readonly place?: ApiEndpoint;
  readonly random?: () => number;
  /** Whether another token can be had. */
  readonly renewable?: boolean;
}

/** All of `connected` with a transport that gives these answers, the last one again and again. */
export function staged(
  answers: readonly Scripted[],
  { random = () => 1, renewable = false, ...given }: Given = {},
): Stage {
  const requests: HttpRequest[] = [];
  const clock = fakeClock(Date.parse("2026-06-02T14:40:00Z"));
  const transport: Transport = {
    send: async (request) => {
      requests.push(request);
      const answer = answers[Math.min(requests.length, answers.length) - 1] ?? {};
      if (answer instanceof Error) throw answer;
      return { status: 200, headers: {}, body: "", ...answer };
    },
    stream: () => Promise.reject(new Error("nothing is downloaded here")),
  };
  let renewals = 0;
  const signIn: SignIn = {
    description: undefined,
    authorization: async () => `Bearer token-${renewals}`,
    refresh: async () => {
      if (renewable) renewals += 1;
      return renewable;
    },
  };
  return {
    send: withPolicies(createApiClient(given.place ?? place, { transport, signIn, clock, random })),
    requests,
    clock,
    lines: () => requests.map(({ method, url }) => `${method} ${url.replace(site, "")}`),
    renewals: () => renewals,
  };
}

export function json(body: unknown, over: Partial<HttpResponse> = {}): HttpResponse {
  return {
    status: 200,
    body: JSON.stringify(body),
    ...over,
    headers: { "content-type": "application/json; charset=utf-8", ...over.headers },
  };
}
