import { ActionError, TransientError } from "../errors.ts";
import type { HttpRequest, HttpResponse, Transport } from "../ports.ts";

/** Asks, and names the host in what goes wrong below HTTP: the transport does not know whom it matters to. */
export async function sendTokenRequest(transport: Transport, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await transport.send(request);
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

/** A body that is a JSON object, or undefined. */
export function parseJsonObject(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body.replace(/^\uFEFF/, ""));
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Whether an answer that calls itself JSON ends before its end. */
export function isTruncated({ headers, body }: HttpResponse): boolean {
  if (!/json/i.test(headers["content-type"] ?? "")) return false;
  try {
    JSON.parse(body.replace(/^\uFEFF/, ""));
    return false;
  } catch {
    return true;
  }
}
