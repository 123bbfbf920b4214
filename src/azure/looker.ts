import type { Look, Records, TimelineRecord } from "../core/model.ts";
import { mergeRecords } from "../core/records.ts";
import { ActionError, PassingError } from "../errors.ts";
import type { LookOptions } from "../ports.ts";
import { readBuild, type WebAddress } from "./builds.ts";
import { fieldsOf, numberOf } from "./decode.ts";
import type { Send } from "./send.ts";
import { decodeRecords } from "./timeline.ts";

/** A full look comes after this many that asked for changes only, in case one was lost on the way. */
const fullLookEvery = 30;

/** Looks at one run again and again: one request while it is queued, two while it can change. */
export function createLooker(send: Send, runId: number, webAddress: WebAddress) {
  const timeline = createTimeline(send, runId);
  return async ({ patienceMs, thorough = false }: LookOptions, signal: AbortSignal): Promise<Look> => {
    const seen = await readBuild(send, { runId, patienceMs, webAddress }, signal);
    const { run, retryAfterMs } = seen;
    const idle = run.status === "notStarted" || run.status === "postponed";
    if (idle && !thorough) return { ...seen, records: timeline.records() };
    const wish = await timeline.refresh({ whole: run.status === "completed" }, signal);
    return { ...seen, records: timeline.records(), retryAfterMs: Math.max(retryAfterMs ?? 0, wish ?? 0) };
  };
}

/** https://learn.microsoft.com/rest/api/azure/devops/build/timeline/get */
function createTimeline(send: Send, runId: number) {
  let records: Records = new Map<string, TimelineRecord>();
  let cursor: number | undefined;
  let lastText = "";
  let sinceFull = 0;

  /** Answers with how long the server wishes to be left alone, if it does. */
  async function refresh({ whole }: { whole: boolean }, signal: AbortSignal): Promise<number | undefined> {
    const full = whole || cursor === undefined || sinceFull >= fullLookEvery;
    try {
      const answer = await send({
        method: "GET",
        path: `_apis/build/builds/${runId}/timeline`,
        query: { changeId: full ? undefined : cursor },
        decode: decodeTimeline,
        doing: "Looking at the run's timeline",
        // The story's last page is worth some patience; any other is told at the next look.
        patienceMs: whole ? 30_000 : 0,
        signal,
      });
      sinceFull = full ? 0 : sinceFull + 1;
      // A server that passes over changeId sends everything each time: the same text is the same story.
      if (answer.text === lastText || answer.text === "") return answer.retryAfterMs;
      lastText = answer.text;
      const { changes, changeId } = answer.value;
      records = mergeRecords(full && changes.length > 0 ? new Map() : records, changes);
      cursor = changeId ?? undefined;
      return answer.retryAfterMs;
    } catch (error) {
      return withoutTimeline(error);
    }
  }
  return { refresh, records: () => records };
}

function decodeTimeline(answer: unknown) {
  return { changes: decodeRecords(answer), changeId: numberOf(fieldsOf(answer)["changeId"]) };
}

/** The run's verdict does not hang on its timeline: without one the story is shorter, not over. */
function withoutTimeline(error: unknown): number | undefined {
  if (error instanceof PassingError) return error.retryAfterMs;
  if (error instanceof ActionError && error.code !== "unauthorized") return undefined;
  throw error;
}
