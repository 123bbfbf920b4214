import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";

/** A response with all its headers. */
export interface SerializedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | Iterable<string>;
}

/** Writes a response: complete, half and then stalled, or half and then disconnected. */
export function writeResponse(
  response: SerializedResponse,
  outgoing: ServerResponse,
  mode: "complete" | "stall" | "cut" = "complete",
): void {
  if (outgoing.destroyed) return;
  const { status, body } = response;
  // An empty value removes a header.
  const headers = Object.fromEntries(Object.entries(response.headers).filter(([, value]) => value !== ""));
  if (mode === "complete" && typeof body !== "string" && !(body instanceof Uint8Array)) {
    outgoing.writeHead(status, headers);
    Readable.from(batches(body)).pipe(outgoing);
    return;
  }
  const bytes = bytesOf(body);
  // 204 and 304 have no body, and no length.
  const length = status === 204 ? {} : { "content-length": String(bytes.byteLength) };
  outgoing.writeHead(status, { ...headers, ...length });
  if (mode === "complete") {
    outgoing.end(bytes);
    return;
  }
  outgoing.flushHeaders();
  outgoing.write(bytes.subarray(0, Math.floor(bytes.byteLength / 2)), () => {
    if (mode === "cut") outgoing.socket?.destroy();
  });
}

function bytesOf(body: SerializedResponse["body"]): Uint8Array {
  if (body instanceof Uint8Array) return body;
  return Buffer.from(typeof body === "string" ? body : [...body].join(""));
}

const batchLength = 64 * 1024;

/** Joins many small writes into a few big ones. */
function* batches(parts: Iterable<string>): Generator<Buffer> {
  let batch = "";
  for (const part of parts) {
    batch += part;
    if (batch.length < batchLength) continue;
    yield Buffer.from(batch);
    batch = "";
  }
  if (batch !== "") yield Buffer.from(batch);
}
