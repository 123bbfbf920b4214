import { StringDecoder } from "node:string_decoder";
import { createLineSplitter, type Lines, skipLines } from "../core/line-splitter.ts";
import { ActionError, asTransient, TransientError } from "../errors.ts";
import { asArray, asObject, parseJson } from "../lib/json.ts";
import { retry } from "../lib/retry.ts";
import type { HttpStream, LogRequest } from "../ports.ts";
import type { ApiClient } from "./api-client.ts";
import type { Redact, SendRequest } from "./api-request.ts";
import { retriesExhausted } from "./retry-policy.ts";
import type { OpenStream } from "./streaming.ts";

/** How long a log is retried that repeatedly breaks off without a new line. Milliseconds. */
const defaultRetryForMs = 60_000;

/** JSON is read completely before it is parsed. Bytes. */
const maxJsonLogBytes = 64 * 1024 * 1024;

export interface LogReaderDeps
  extends Pick<
    ApiClient,
    "clock" | "random" | "retryAfterRegistry" | "endpoint" | "redact" | "onRetryAfter"
  > {
  readonly openStream: OpenStream;
}

/**
 * The lines of a log, in batches as they arrive. A broken connection is opened again, and the lines that had arrived are
 * skipped: whether the service counts `startLine` from 0 or from 1 is not documented.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/get-build-log
 */
export async function* logLines(
  { openStream, clock, random, retryAfterRegistry, endpoint, redact, onRetryAfter }: LogReaderDeps,
  { runId, logId, linesRead = 0, retryForMs: firstLineRetryForMs = defaultRetryForMs }: LogRequest,
  signal: AbortSignal,
): AsyncGenerator<Lines, void, void> {
  const operation = `Reading log ${logId} of the run`;
  const request = { path: `_apis/build/builds/${runId}/logs/${logId}`, operation, signal };
  await retryAfterRegistry.waitForRetryAfter(endpoint.baseUrl, { signal, onDelay: onRetryAfter });
  let delivered = linesRead;
  let received = 0;
  let batches: AsyncGenerator<Lines, void, void> | undefined;
  const readNewLines = async (): Promise<Lines | undefined> => {
    try {
      if (batches === undefined) {
        received = 0;
        batches = decodeLines(await openStream(request), redact);
      }
      for (;;) {
        const { value: lines } = await batches.next();
        if (lines === undefined) return undefined;
        const newLines = received >= delivered ? lines : skipLines(lines, delivered - received);
        received += lines.count;
        if (newLines.count > 0) return newLines;
      }
    } catch (error) {
      batches = undefined;
      throw error;
    }
  };
  try {
    for (;;) {
      // A log that has begun gets more attempts than one that can also be read later.
      const retryForMs = delivered > linesRead ? defaultRetryForMs : firstLineRetryForMs;
      const newLines = await retry(readNewLines, {
        retryError: asTransient,
        deadline: clock.now() + retryForMs,
        clampRetryAfter: true,
        toFinalError: (error) => retriesExhausted({ operation }, error, retryForMs),
        clock,
        random,
        signal,
      });
      if (newLines === undefined) return;
      delivered = received;
      yield newLines;
    }
  } finally {
    await batches?.return();
  }
}

async function* decodeLines(stream: HttpStream, redact: Redact): AsyncGenerator<Lines, void, void> {
  const splitter = createLineSplitter(redact);
  if (/\bjson\b/i.test(stream.headers["content-type"] ?? "")) {
    yield splitter.push(await readJsonLines(stream));
  } else {
    const decoder = new StringDecoder("utf8");
    for await (const chunk of stream.chunks) yield splitter.push(decoder.write(chunk));
    yield splitter.push(decoder.end());
  }
  yield splitter.end();
}

/** A server that ignores `Accept` sends `{"count": 2, "value": ["line", …]}`. */
async function readJsonLines({ chunks }: HttpStream): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > maxJsonLogBytes)
      throw new ActionError("unexpected-response", "A log in JSON was larger than 64 MiB.");
    parts.push(chunk);
  }
  const json = parseJson(Buffer.concat(parts).toString("utf8"));
  if (json === undefined) throw new TransientError("the log was truncated, or not JSON");
  const lines = asArray(asObject(json)["value"]).filter((line) => typeof line === "string");
  return lines.map((line) => `${line}\n`).join("");
}

/** The number of lines of each log. https://learn.microsoft.com/rest/api/azure/devops/build/builds/get-build-logs */
export async function readLogSizes(
  send: SendRequest,
  runId: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, number>> {
  const { value } = await send({
    method: "GET",
    path: `_apis/build/builds/${runId}/logs`,
    decode: (json) =>
      new Map(
        asArray(asObject(json)["value"]).flatMap((entry): [number, number][] => {
          const { id, lineCount } = asObject(entry);
          return typeof id === "number" && typeof lineCount === "number" ? [[id, lineCount]] : [];
        }),
      ),
    operation: "Reading the run's list of logs",
    timeoutMs: 10_000,
    signal,
  });
  return value;
}
