import { logUrl } from "../core/links.ts";
import { createTail, type Tail } from "../core/log-lines.ts";
import type { Host } from "../ports.ts";
import { logLineOf } from "../render/azure-log.ts";
import { excerptLines, logTitle } from "../render/excerpt.ts";
import type { Means } from "./means.ts";
import type { Subject } from "./subject.ts";

interface Manner {
  /** Every line as it comes; else the last ones, once all have come. */
  readonly isWhole: boolean;
  readonly tailLines: number;
  readonly runId: number;
  readonly runUrl: string;
  /** Called as a group opens and closes. */
  readonly onGroup: (isOpen: boolean) => void;
}

interface Reading {
  readonly logId: number;
  /** Lines that have been shown before; `undefined` the first time. */
  readonly shown: number | undefined;
  readonly patienceMs: number;
}

/** What is kept of a log: its last lines, as they came, and how many there are in all. */
type Relayed = Pick<Tail, "lines" | "total">;

/** Shows logs, one at a time, each in a group; none where there is nothing (more) to show. */
export function createRelay(
  { isWhole, tailLines, runId, runUrl, onGroup }: Manner,
  { host, pipelines }: Pick<Means, "host" | "pipelines">,
) {
  const relay = isWhole ? relayWhole : relayEnd;
  return async (
    subject: Subject,
    { logId, shown, patienceMs }: Reading,
    signal: AbortSignal,
  ): Promise<Relayed> => {
    const tail = createTail(tailLines, shown);
    const batches = pipelines.logLines({ runId, logId, known: tail.total, patienceMs }, signal);
    await relay({ subject, batches, tail, shown, runUrl, onGroup }, host);
    return tail;
  };
}

interface Coming extends Pick<Manner, "runUrl" | "onGroup">, Pick<Reading, "shown"> {
  readonly subject: Subject;
  readonly batches: AsyncIterable<readonly string[]>;
  readonly tail: Tail;
}

async function relayWhole(
  { subject: { path, jobId, taskId, result }, batches, tail, shown, runUrl, onGroup }: Coming,
  host: Pick<Host, "write" | "flush">,
): Promise<void> {
  const url = logUrl(runUrl, jobId, taskId);
  const title = logTitle({ path, result, isMore: shown !== undefined, url });
  let isOpen = false;
  try {
    for await (const lines of batches) {
      tail.push(lines);
      if (!isOpen) {
        host.write([{ type: "group", title }]);
        onGroup(true);
      }
      isOpen = true;
      host.write(lines.map((line) => ({ type: "text", text: logLineOf(line) })));
      await host.flush();
    }
  } finally {
    if (isOpen) {
      host.write([{ type: "end-group" }]);
      onGroup(false);
    }
  }
}

async function relayEnd(
  { subject: { path, jobId, taskId, errorLine }, batches, tail, shown, runUrl }: Coming,
  host: Pick<Host, "write">,
): Promise<void> {
  for await (const lines of batches) tail.push(lines);
  const { lines, total: totalLines } = tail;
  if (totalLines === shown) return;
  const url = logUrl(runUrl, jobId, taskId, errorLine ?? Math.max(1, totalLines));
  host.write(excerptLines({ path, lines, totalLines, isMore: shown !== undefined, url }));
}
