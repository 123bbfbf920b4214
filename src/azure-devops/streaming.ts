import { ActionError, TransientError } from "../errors.ts";
import type { HttpStream } from "../ports.ts";
import { type ApiClient, requestUrl } from "./api-client.ts";
import type { ApiRequest } from "./api-request.ts";
import { authorizationFor } from "./auth-policy.ts";
import { responseError } from "./response-error.ts";

/** The longest time without data of a log or artifact. Milliseconds. */
export const idleTimeoutMs = 30_000;

/** The maximum size that is read of a refusal. Bytes. */
const maxErrorBodyBytes = 64 * 1024;

/** A request with a streamed response. */
type StreamRequest = Pick<ApiRequest, "path" | "query" | "operation" | "signal">;

/** Opens a response of Azure DevOps: 2xx, and not an HTML page. Throws an ActionError for a refusal, a TransientError if a retry may help. */
export type OpenStream = (request: StreamRequest) => Promise<HttpStream>;

/** Opens a stream with the policies of other requests: the sign-in is renewed, the version lowered. */
export function createOpenStream(
  { authAndVersionPolicy }: ApiClient,
  open: (request: ApiRequest) => Promise<HttpStream>,
): OpenStream {
  const send = authAndVersionPolicy(async (request) => {
    const stream = await open(request);
    return {
      value: await request.decode(stream),
      text: "",
      headers: stream.headers,
      retryAfterMs: undefined,
    };
  });
  return async (request) => {
    const fullRequest = { ...request, method: "GET", timeoutMs: idleTimeoutMs } as const;
    return (await send({ ...fullRequest, decode: (stream) => stream as HttpStream })).value;
  };
}

/** Opens a log. */
export function createOpenTextStream(client: ApiClient): OpenStream {
  return createOpenStream(client, async (request) => {
    const stream = await client.transport.stream({
      method: "GET",
      url: requestUrl(request, client.endpoint),
      headers: {
        // Only text is accepted: with several types the service may send JSON, which it does not stream, or answer 500
        // (https://github.com/MicrosoftDocs/vsts-rest-api-specs/issues/385).
        accept: "text/plain",
        "x-tfs-fedauthredirect": "Suppress",
        authorization: await authorizationFor(request, client),
      },
      timeoutMs: idleTimeoutMs,
      signal: request.signal,
    });
    return isSuccess(stream) ? stream : await throwResponseError(request, stream, client);
  });
}

/** Whether a response can be the requested content, and is not a sign-in page. */
export function isSuccess({ status, headers }: HttpStream): boolean {
  return status >= 200 && status < 300 && status !== 203 && !/\bhtml\b/i.test(headers["content-type"] ?? "");
}

/** Throws the error for an unsuccessful response, by the same rules as for other requests. */
export async function throwResponseError(
  request: ApiRequest,
  stream: HttpStream,
  client: Pick<ApiClient, "clock" | "endpoint" | "redact">,
): Promise<never> {
  const { status, headers } = stream;
  const response = { status, headers, body: await readPrefix(stream) };
  throw responseError(request, response, client);
}

export async function readPrefix({ chunks }: HttpStream): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of chunks) {
      parts.push(chunk);
      size += chunk.length;
      if (size > maxErrorBodyBytes) break;
    }
  } catch (error) {
    // The status is sufficient.
    if (!(error instanceof TransientError || error instanceof ActionError)) throw error;
  }
  return Buffer.concat(parts).toString("utf8");
}
