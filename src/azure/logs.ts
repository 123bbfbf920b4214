import { StringDecoder } from "node:string_decoder";
import { backoffMs } from "../core/backoff.ts";
import { createLineSplitter } from "../core/log-lines.ts";
import { ActionError, PassingError } from "../errors.ts";
import type { HttpStream, LogRequest } from "../ports.ts";
import type { Service } from "./connect.ts";
import { fieldsOf, listOf } from "./decode.ts";
import { exhausted } from "./retry.ts";
import type { Open } from "./stream.ts";

/** How long a log that breaks off again and again without a new line is asked for. Milliseconds. */
const usualPatienceMs = 60_000;

/** Lines of JSON come all at once. Bytes. */
const jsonLimit = 64 * 1024 * 1024;

export interface LogReading extends Pick<Service, "clock" | "random" | "rests" | "place"> {
  readonly open: Open;
}

/**
 * The lines of a log, in batches as they come. A connection that breaks is made again, and what had come is passed
 * over: whether the service counts `startLine` from 0 or from 1 is not documented.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/get-build-log
 */
export async function* logLines(
  { open, clock, random, rests, place }: LogReading,
  { runId, logId, known = 0, patienceMs: firstPatienceMs = usualPatienceMs }: LogRequest,
  signal: AbortSignal,
): AsyncGenerator<readonly string[], void, void> {
  const doing = `Reading log ${logId} of the run`;
  const call = { path: `_apis/build/builds/${runId}/logs/${logId}`, doing, signal };
  await rests.sitOut(place.base, { signal });
  let delivered = known;
  let lastNews = clock.now();
  for (let attempt = 1; ; attempt += 1) {
    try {
      let seen = 0;
      for await (const lines of linesOf(await open(call))) {
        const fresh = seen >= delivered ? lines : lines.slice(delivered - seen);
        seen += lines.length;
        if (fresh.length === 0) continue;
        delivered = seen;
        lastNews = clock.now();
        attempt = 0;
        yield fresh;
      }
      return;
    } catch (error) {
      if (!(error instanceof PassingError)) throw error;
      // What has begun is worth more patience than what may come later as well.
      const patienceMs = delivered > known ? usualPatienceMs : firstPatienceMs;
      const left = lastNews + patienceMs - clock.now();
      if (left <= 0) throw exhausted(doing, error, patienceMs);
      const pause = Math.max(error.retryAfterMs ?? 0, backoffMs(Math.max(attempt, 1), random()));
      await clock.sleep(Math.min(pause, left), signal);
    }
  }
}

async function* linesOf(stream: HttpStream): AsyncGenerator<readonly string[], void, void> {
  const splitter = createLineSplitter();
  if (/\bjson\b/i.test(stream.headers["content-type"] ?? "")) {
    yield splitter.push(await textOfJson(stream));
  } else {
    const decoder = new StringDecoder("utf8");
    for await (const chunk of stream.chunks) yield splitter.push(decoder.write(chunk));
    yield splitter.push(decoder.end());
  }
  yield splitter.end();
}

/** A server that passes over Accept sends `{"count": 2, "value": ["line", …]}`. */
async function textOfJson({ chunks }: HttpStream): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > jsonLimit)
      throw new ActionError("unexpected-response", "A log came as JSON and larger than 64 MiB.");
    parts.push(chunk);
  }
  try {
    const answer: unknown = JSON.parse(
      Buffer.concat(parts)
        .toString("utf8")
        .replace(/^\uFEFF/, ""),
    );
    const lines = listOf(fieldsOf(answer)["value"]).filter((line) => typeof line === "string");
    return lines.map((line) => `${line}\n`).join("");
  } catch (cause) {
    throw new PassingError("the log was not whole, or not JSON", { cause });
  }
}
