import { ActionError, TransientError } from "../errors.ts";
import type { HttpStream } from "../ports.ts";
import { type ApiClient, requestUrl } from "./api-client.ts";
import { signInPageError } from "./api-errors.ts";
import type { ApiRequest } from "./api-request.ts";
import { authorizationFor } from "./auth-policy.ts";
import { decodeResponse } from "./responses.ts";

/** Longest silence of a log or an artifact. Milliseconds. */
export const idleTimeoutMs = 30_000;

/** Of a refusal only the beginning is read. Bytes. */
const maxErrorBodyBytes = 64 * 1024;

/** A question whose answer is read as it comes. */
type StreamRequest = Pick<ApiRequest, "path" | "query" | "operation" | "signal">;

/** Opens an answer of Azure DevOps: 2xx and no page of HTML. Refusals are ActionError, what may pass is PassingError. */
export type OpenStream = (request: StreamRequest) => Promise<HttpStream>;

/** Opens by the rules that hold for any other question: the sign-in is renewed, the version lowered. */
export function createOpenStream(
  { authAndVersionPolicy }: ApiClient,
  open: (request: ApiRequest) => Promise<HttpStream>,
): OpenStream {
  const send = authAndVersionPolicy(async (request) => {
    const stream = await open(request);
    return { value: request.decode(stream), text: "", headers: stream.headers, retryAfterMs: undefined };
  });
  return async (request) => {
    const fullRequest = { ...request, method: "GET", timeoutMs: idleTimeoutMs } as const;
    return (await send({ ...fullRequest, decode: (stream) => stream as HttpStream })).value;
  };
}

/** Opens texts: the logs. */
export function createOpenTextStream(client: ApiClient): OpenStream {
  return createOpenStream(client, async (request) => {
    const stream = await client.transport.stream({
      method: "GET",
      url: requestUrl(request, client.endpoint),
      headers: {
        // Text alone: a list that the service weighs its own way could bring JSON, which it sends whole where it does not
        // answer 500 (https://github.com/MicrosoftDocs/vsts-rest-api-specs/issues/385).
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

/** Whether an answer can be what was asked for, and not the page where a person would sign in. */
export function isSuccess({ status, headers }: HttpStream): boolean {
  return status >= 200 && status < 300 && status !== 203 && !/\bhtml\b/i.test(headers["content-type"] ?? "");
}

/** Throws what an answer that is not good means, by the same rules as for any other call. */
export async function throwResponseError(
  request: ApiRequest,
  stream: HttpStream,
  client: Pick<ApiClient, "clock" | "endpoint" | "redact">,
): Promise<never> {
  const { status, headers } = stream;
  const response = { status, headers, body: await readPrefix(stream) };
  decodeResponse({ ...request, decode: () => undefined }, response, client);
  throw signInPageError(request, response, client.endpoint);
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
    // The status says enough.
    if (!(error instanceof TransientError || error instanceof ActionError)) throw error;
  }
  return Buffer.concat(parts).toString("utf8");
}
