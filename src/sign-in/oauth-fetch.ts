import { retryAfterMs } from "../core/retry-after.ts";
import { ActionError, PassingError } from "../errors.ts";
import type { HttpAnswer } from "../ports.ts";
import { askNamed, isCut, jsonOf } from "./answer.ts";
import { type Outside, requestMs } from "./granted.ts";

interface FormPost {
  readonly method: "POST";
  readonly headers: Record<string, string>;
  readonly body: URLSearchParams;
}

/** `fetch` for oauth4webapi over our transport. Whatever is no OAuth answer throws here. */
export function fetchOver(outside: Outside, signal: AbortSignal) {
  return async (url: string, { method, headers, body }: FormPost): Promise<Response> => {
    const answer = await askNamed(outside.transport, {
      method,
      url,
      headers,
      body: body.toString(),
      timeoutMs: requestMs,
      signal,
    });
    const json = bodyOf(new URL(url).host, answer, outside.clock.now());
    for (const key of ["access_token", "refresh_token", "id_token", "device_code"]) {
      const secret = json[key];
      if (typeof secret === "string" && secret !== "") outside.host.mask(secret);
    }
    return Response.json(conforming(json), { status: answer.status });
  };
}

/** The JSON of an answer that is one: a token, or a definite refusal. */
function bodyOf(host: string, answer: HttpAnswer, now: number): Readonly<Record<string, unknown>> {
  const { status } = answer;
  const json = jsonOf(answer.body);
  if (isPassing(status, json)) {
    const words = json?.["error_description"] ?? json?.["error"];
    throw new PassingError(
      `${host} answered ${status}${typeof words === "string" ? `: ${firstLine(words)}` : ""}`,
      {
        retryAfterMs: retryAfterMs(answer.headers, now),
        throttled: status === 429,
      },
    );
  }
  if (json && (status === 200 || (status >= 400 && errorOf(json) !== undefined))) return json;
  if (status === 200 && isCut(answer)) {
    throw new PassingError(`${host} answered with JSON that was cut off`);
  }
  throw new ActionError(
    "unauthorized",
    `${host} answered ${status} with something that is neither a token nor a refusal.`,
    {
      hint: "Check `tenant-id` and `token-url`, and whether a proxy on the way answers in its place.",
    },
  );
}

function isPassing(status: number, json: Readonly<Record<string, unknown>> | undefined): boolean {
  if (status >= 500 || status === 429 || status === 408) return true;
  return json?.["error"] === "temporarily_unavailable" || json?.["error"] === "server_error";
}

/** The legacy endpoint spells its keys without underscores, and not always in lower case. */
function errorOf(json: Readonly<Record<string, unknown>>): string | undefined {
  const error = json["error"] ?? json["Error"];
  return typeof error === "string" && error !== "" ? error : undefined;
}

/**
 * The answer as oauth4webapi insists on it: times are numbers, a token says its type. What is left out is of no use
 * here and could only be found fault with, such as an id_token that nobody asked for.
 */
function conforming(json: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { id_token: _id, scope: _scope, expires_in: expiresIn, interval, ...others } = json;
  const { token_type: type, refresh_token: refreshToken, ...rest } = others;
  const error = errorOf(json);
  const description = json["error_description"] ?? json["errordescription"] ?? json["ErrorDescription"];
  return {
    ...rest,
    token_type: type || "bearer",
    ...(refreshToken ? { refresh_token: refreshToken } : {}),
    ...positive("expires_in", expiresIn),
    ...positive("interval", interval),
    ...(error !== undefined && { error, error_description: description ?? "" }),
  };
}

function positive(name: string, value: unknown): Readonly<Record<string, number>> {
  const number = value === null || value === "" ? Number.NaN : Number(value);
  return number >= 0 ? { [name]: number } : {};
}

function firstLine(words: string): string {
  return words.split(/\s*Trace ID:|[\r\n]/)[0]?.slice(0, 300) ?? "";
}
