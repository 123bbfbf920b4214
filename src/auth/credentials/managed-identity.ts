import { type ManagedIdentityConfig, scopeResource } from "../../core/credentials.ts";
import { ActionError, TransientError } from "../../errors.ts";
import { asObject, type JsonFields, parseJsonObject } from "../../lib/json.ts";
import { retry, retryAfterMs } from "../../lib/retry.ts";
import type { HttpResponse } from "../../ports.ts";
import { type AccessToken, type AuthDeps, type TokenSource, validHeaderValue } from "../access-token.ts";
import { tokenExpiry } from "../oauth.ts";
import { isTruncated, sendTokenRequest } from "../oauth-http.ts";
import {
  answerChallenge,
  hasArcAgent,
  type ManagedIdentityEndpoint,
  managedIdentityEndpoint,
} from "./managed-identity-endpoints.ts";
import { workloadIdentity } from "./workload-identity.ts";

/** The managed identity of this machine, container or pod. */
export function managedIdentity(config: ManagedIdentityConfig, deps: AuthDeps): TokenSource {
  const { env, runner } = deps;
  if (env["AZURE_FEDERATED_TOKEN_FILE"]) return workloadIdentity(config, deps);
  for (const secret of [env["IDENTITY_HEADER"], env["MSI_SECRET"]]) if (secret) runner.mask(secret);
  const request = { resource: scopeResource(config.scope), clientId: config.clientId };
  const endpoint = managedIdentityEndpoint(request, env, hasArcAgent());
  return (signal) => fetchToken(endpoint, deps, signal);
}

async function fetchToken(
  endpoint: ManagedIdentityEndpoint,
  deps: AuthDeps,
  signal: AbortSignal,
): Promise<AccessToken> {
  const requestedAt = deps.clock.now();
  const response = await sendWhileUpdating(endpoint, deps, signal);
  if (endpoint.kind !== "arc" || response.status !== 401)
    return parseTokenResponse(endpoint, response, { deps, requestedAt });
  const { mask } = deps.runner;
  const authorizedResponse = await answerChallenge(endpoint, response, {
    send: (authorizedEndpoint) => sendToEndpoint(authorizedEndpoint, deps, signal),
    mask,
  });
  return parseTokenResponse(endpoint, authorizedResponse, { deps, requestedAt });
}

/**
 * 410 means that the endpoint is being updated, which takes up to 70 s.
 * https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token#error-handling
 */
async function sendWhileUpdating(
  endpoint: ManagedIdentityEndpoint,
  deps: AuthDeps,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const { clock } = deps;
  return await retry(() => sendToEndpoint(endpoint, deps, signal), {
    retryResult: ({ status }) => (status === 410 ? {} : undefined),
    deadline: clock.now() + maxUpdateMs,
    delayMs: () => updateRetryDelayMs,
    clock,
    signal,
  });
}

const maxUpdateMs = 70_000;

const updateRetryDelayMs = 10_000;

// Proxies are bypassed: these addresses exist on this machine only.
async function sendToEndpoint(
  endpoint: ManagedIdentityEndpoint,
  deps: AuthDeps,
  signal: AbortSignal,
): Promise<HttpResponse> {
  const { kind: _kind, name: _name, ...request } = endpoint;
  try {
    return await sendTokenRequest(deps, { ...request, direct: true, signal });
  } catch (error) {
    if (!(error instanceof TransientError)) throw error;
    throw new TransientError(error.message, { hint: noIdentityHint, cause: error });
  }
}

const noIdentityHint =
  "Use a runner on a machine in Azure that has a managed identity; on runners hosted by GitHub, which have none, sign in with `github-oidc`.";

const transientStatuses = new Set([404, 408, 410, 429]);

interface TokenRequestContext {
  readonly deps: AuthDeps;
  readonly requestedAt: number;
}

function parseTokenResponse(
  endpoint: ManagedIdentityEndpoint,
  response: HttpResponse,
  { deps, requestedAt }: TokenRequestContext,
): AccessToken {
  const { status } = response;
  const json = parseJsonObject(response.body);
  const token = json?.["access_token"];
  if (status === 200 && json && typeof token === "string" && token !== "") {
    deps.runner.mask(token);
    return {
      token: validHeaderValue(token, endpointName(endpoint)),
      expiresAt: tokenExpiry(json, requestedAt),
    };
  }
  if (status === 200) throw missingTokenError(endpointName(endpoint), response, json);
  const text = errorText(json);
  const message = `${endpointName(endpoint)} answered ${status}${text === "" ? "" : `: ${text}`}`;
  if (status >= 500 || transientStatuses.has(status)) {
    const waitMs = retryAfterMs(response.headers, deps.clock.now());
    throw new TransientError(message, {
      retryAfterMs: waitMs,
      throttled: status === 429,
      hint: status === 404 ? noIdentityHint : undefined,
    });
  }
  throw new ActionError("unauthorized", `${message}.`, {
    hint: /identity not found/i.test(text)
      ? "Assign an identity to this machine, and set `client-id` if it has several."
      : "Check the identity of this machine and `client-id`, which is only for a user-assigned identity.",
  });
}

function endpointName({ name }: ManagedIdentityEndpoint): string {
  return `The managed identity endpoint (${name})`;
}

function missingTokenError(issuerName: string, response: HttpResponse, json: object | undefined): Error {
  if (isTruncated(response)) return new TransientError(`${issuerName} returned truncated JSON`);
  const content = json === undefined ? "a body that is not a JSON object" : "JSON without a token";
  return new ActionError("unauthorized", `${issuerName} answered 200 with ${content}.`, {
    hint: "Check whether the URL is that of the endpoint, and whether a proxy or gateway responds instead.",
  });
}

/** The error message, whose form depends on the host. */
function errorText(json: JsonFields | undefined): string {
  const nested = json?.["error"];
  const inner = asObject(nested);
  const parts = [nested, inner["code"], json?.["error_description"], inner["message"], json?.["message"]];
  return parts
    .filter((part) => typeof part === "string" && part !== "")
    .join(": ")
    .replaceAll(/\s+/g, " ")
    .replace(/\.$/, "")
    .slice(0, 500);
}
