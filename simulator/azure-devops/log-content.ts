import { toLogTimestamp } from "../engine/dates.ts";
import type { Run } from "../engine/run.ts";
import type { StoredLog } from "../engine/run-logs.ts";
import type { SimulatorState } from "../engine/state.ts";

/** Lines before it, and lines up to its end. */
export interface LogRange {
  readonly from: number;
  readonly to: number;
}

const wholeLog: LogRange = { from: 0, to: Infinity };

export function lineCount(log: StoredLog, run: Run): number {
  if (log.lineCount === undefined) {
    let count = 0;
    for (const _ of linesOf(log, run)) count += 1;
    log.lineCount = count;
  }
  return log.lineCount;
}

/** Each write has its own timestamp, but not each line of it. */
function* linesOf(log: StoredLog, run: Run): Generator<string> {
  const { source, hasTimestamps } = log;
  let writes = 0;
  let stamp = { at: Number.NaN, text: "" };
  for (const write of source.lines()) {
    const at = run.queuedAt + Math.min(source.start + writes / 100, source.end) * 1000;
    if (at !== stamp.at) stamp = { at, text: hasTimestamps ? `${toLogTimestamp(at)} ` : "" };
    writes += 1;
    const [first = "", ...rest] = write.split("\n");
    yield `${stamp.text}${first}`;
    yield* rest;
  }
}

export function* linesInRange(log: StoredLog, run: Run, { from, to }: LogRange): Generator<string> {
  let index = 0;
  for (const line of linesOf(log, run)) {
    if (index >= to) return;
    if (index >= from) yield line;
    index += 1;
  }
}

/** Begins with a byte order mark, as every uploaded page does. */
export function* logLines(log: StoredLog, run: Run, range = wholeLog): Generator<string> {
  if (range.from === 0 && log.hasTimestamps) yield "\uFEFF";
  for (const line of linesInRange(log, run, range)) yield `${line}\n`;
}

/** Identifies one log in a URL. */
export function logToken(run: Run, log: StoredLog): string {
  return Buffer.from(`buildlog://${run.id}/${log.id}`).toString("base64url");
}

export function logFromToken(state: SimulatorState, token: string): { run: Run; log: StoredLog } | undefined {
  const text = Buffer.from(token, "base64url").toString("utf8");
  const [, id, logId] = /^buildlog:\/\/(\d+)\/(\d+)$/.exec(text) ?? [];
  const run = state.find(Number(id));
  const log = run?.logs.find(Number(logId));
  return run === undefined || log === undefined ? undefined : { run, log };
}
