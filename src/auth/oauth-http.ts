import { ActionError, TransientError } from "../errors.ts";
import { type JsonFields, parseJson, parseJsonObject } from "../lib/json.ts";
import { retryAfterMs } from "../lib/retry.ts";
import { clip, firstWords, oneLine } from "../lib/text.ts";
import { toFetch } from "../lib/to-fetch.ts";
import type { HttpRequest, HttpResponse } from "../ports.ts";
import { type AuthDeps, tokenRequestTimeoutMs } from "./access-token.ts";

/** A `fetch` for oauth4webapi that uses the transport. Throws for a response that is not an OAuth response. */
export function createFetch(deps: AuthDeps) {
  return toFetch(async (request) => {
    const response = await sendTokenRequest(deps, { ...request, timeoutMs: tokenRequestTimeoutMs });
    const json = parseResponse(new URL(request.url).host, response, deps.clock.now());
    for (const key of ["access_token", "refresh_token", "id_token", "device_code"]) {
      const secret = json[key];
      if (typeof secret === "string" && secret !== "") deps.runner.mask(secret);
    }
    const headers = { "content-type": "application/json" };
    return { status: response.status, headers, body: JSON.stringify(normalizeResponse(json)) };
  });
}

/** The JSON of a token or of a permanent refusal. */
function parseResponse(host: string, response: HttpResponse, now: number): JsonFields {
  const { status } = response;
  const json = parseJsonObject(response.body);
  if (isTransientResponse(status, json)) {
    const description = json?.["error_description"] ?? json?.["error"];
    throw new TransientError(
      `${host} answered ${status}${typeof description === "string" ? `: ${firstLine(description)}` : ""}`,
      {
        retryAfterMs: retryAfterMs(response.headers, now),
        throttled: status === 429,
      },
    );
  }
  if (json && (status === 200 || (status >= 400 && oauthErrorCode(json) !== undefined))) return json;
  if (status === 200 && isTruncated(response)) {
    throw new TransientError(`${host} returned truncated JSON`);
  }
  throw notOAuthError(host, response);
}

/** A refusal with a page instead of JSON comes from a gateway or proxy, so it says nothing about the credential. */
function notOAuthError(host: string, { status, body }: HttpResponse): Error {
  const hint =
    "Check `tenant-id` and `token-url`, and whether a proxy responds instead of the token endpoint.";
  const message = `${host} answered ${status} with a body that is neither a token nor an OAuth error`;
  const words = parseJson(body) === undefined ? clip(oneLine(firstWords(body)), 200) : "";
  if (status < 400 || status === 401 || words === "")
    return new ActionError("unauthorized", `${message}.`, { hint });
  return new TransientError(`${message}: ${JSON.stringify(words)}`, { fromGateway: true, hint });
}

function isTransientResponse(status: number, json: JsonFields | undefined): boolean {
  if (status >= 500 || status === 429 || status === 408) return true;
  return json?.["error"] === "temporarily_unavailable" || json?.["error"] === "server_error";
}

/** The keys of the legacy endpoint have no underscores, and are not always in lower case. */
function oauthErrorCode(json: JsonFields): string | undefined {
  const error = json["error"] ?? json["Error"];
  return typeof error === "string" && error !== "" ? error : undefined;
}

/**
 * The response in the form that oauth4webapi requires: times are numbers, and a token has a type. Fields that are not used here
 * are left out, since oauth4webapi would validate them (an unrequested id_token, for example).
 */
function normalizeResponse(json: JsonFields): Record<string, unknown> {
  const { id_token: _id, scope: _scope, expires_in: expiresIn, interval, ...others } = json;
  const { token_type: type, refresh_token: refreshToken, ...rest } = others;
  const error = oauthErrorCode(json);
  const description = json["error_description"] ?? json["errordescription"] ?? json["ErrorDescription"];
  return {
    ...rest,
    token_type: type || "bearer",
    ...(refreshToken ? { refresh_token: refreshToken } : {}),
    ...nonNegativeField("expires_in", expiresIn),
    ...nonNegativeField("interval", interval),
    ...(error !== undefined && { error, error_description: description ?? "" }),
  };
}

function nonNegativeField(name: string, value: unknown): Readonly<Record<string, number>> {
  const number = value === null || value === "" ? Number.NaN : Number(value);
  return number >= 0 ? { [name]: number } : {};
}

function firstLine(text: string): string {
  return (
    text
      .split(/Trace ID:|[\r\n]/)[0]
      ?.slice(0, 300)
      .trimEnd() ?? ""
  );
}

/**
 * Sends the request, and adds the host to network errors. An error may repeat the request: its secrets are replaced before
 * anything is cut from it.
 */
export async function sendTokenRequest(
  { transport, runner }: Pick<AuthDeps, "transport" | "runner">,
  request: HttpRequest,
): Promise<HttpResponse> {
  try {
    const response = await transport.send(request);
    return response.status === 200 ? response : { ...response, body: runner.redact(response.body) };
  } catch (error) {
    const { host } = new URL(request.url);
    if (error instanceof TransientError) {
      const { retryAfterMs, throttled, hint } = error;
      throw new TransientError(`${host}: ${error.message}`, { retryAfterMs, throttled, hint, cause: error });
    }
    if (!(error instanceof ActionError)) throw error;
    const { code, hint } = error;
    throw new ActionError(code, `The request for a token from ${host} failed. ${error.message}`, {
      hint,
      cause: error,
    });
  }
}

/** Whether a response with a JSON content type is truncated. */
export function isTruncated({ headers, body }: HttpResponse): boolean {
  return /json/i.test(headers["content-type"] ?? "") && parseJson(body) === undefined;
}
