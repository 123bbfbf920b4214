import { ActionError, PassingError } from "../errors.ts";
import type { HttpAnswer, HttpRequest, Transport } from "../ports.ts";

/** Asks, and names the host in what goes wrong below HTTP: the transport does not know whom it matters to. */
export async function askNamed(transport: Transport, request: HttpRequest): Promise<HttpAnswer> {
  try {
    return await transport.ask(request);
  } catch (error) {
    const { host } = new URL(request.url);
    if (error instanceof PassingError) {
      const { retryAfterMs, throttled, hint } = error;
      throw new PassingError(`${host}: ${error.message}`, { retryAfterMs, throttled, hint, cause: error });
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
export function jsonOf(body: string): Readonly<Record<string, unknown>> | undefined {
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
export function isCut({ headers, body }: HttpAnswer): boolean {
  if (!/json/i.test(headers["content-type"] ?? "")) return false;
  try {
    JSON.parse(body.replace(/^\uFEFF/, ""));
    return false;
  } catch {
    return true;
  }
}
