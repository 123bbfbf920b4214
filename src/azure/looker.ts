import type { Look, Records, TimelineRecord } from "../core/model.ts";
import { moreSlowed } from "../core/pace.ts";
import { mergeRecords } from "../core/records.ts";
import { ActionError, PassingError } from "../errors.ts";
import type { LookOptions, Patience } from "../ports.ts";
import { readBuild, type WebAddress } from "./builds.ts";
import { fieldsOf, numberOf } from "./decode.ts";
import type { Send } from "./send.ts";
import { decodeRecords } from "./timeline.ts";

/** A full look comes after this many that asked for changes only, in case one was lost on the way. */
const fullLookEvery = 30;

/** Looks at one run again and again: one request while it is queued, two while it can change. */
export function createLooker(send: Send, runId: number, webAddress: WebAddress) {
  const timeline = createTimeline(send, runId);
  return async ({ thorough = false, ...patience }: LookOptions, signal: AbortSignal): Promise<Look> => {
    const seen = await readBuild(send, { runId, webAddress, outlastsOutage: true, ...patience }, signal);
    const { status } = seen.run;
    const idle = status === "notStarted" || status === "postponed";
    if (idle && !thorough) return { ...seen, records: timeline.records() };
    const wish = await timeline.refresh({ ...patience, whole: status === "completed" }, signal);
    return {
      ...seen,
      records: timeline.records(),
      // What the first answer wished for has been granted before the second question.
      retryAfterMs: wish.retryAfterMs,
      slowed: moreSlowed(seen.slowed, wish.slowed),
      untold: wish.untold,
    };
  };
}

interface Refreshing extends Patience {
  /** The run is over: all of it, for the last time. */
  readonly whole: boolean;
}

/** What the service would have of the next look, and why this one saw no records. */
type Wish = Pick<Look, "retryAfterMs" | "slowed" | "untold">;

/** https://learn.microsoft.com/rest/api/azure/devops/build/timeline/get */
function createTimeline(send: Send, runId: number) {
  let records: Records = new Map<string, TimelineRecord>();
  let cursor: number | undefined;
  let lastText = "";
  let sinceFull = 0;

  async function refresh({ whole, ...options }: Refreshing, signal: AbortSignal): Promise<Wish> {
    const full = whole || cursor === undefined || sinceFull >= fullLookEvery;
    try {
      const answer = await send({
        method: "GET",
        path: `_apis/build/builds/${runId}/timeline`,
        query: { changeId: full ? undefined : cursor },
        decode: decodeTimeline,
        doing: "Looking at the run's timeline",
        ...options,
        // The story's last page is worth some patience; any other is told at the next look.
        patienceMs: whole ? 10_000 : 0,
        signal,
      });
      sinceFull = full ? 0 : sinceFull + 1;
      // A server that passes over changeId sends everything each time: the same text is the same story.
      if (answer.text === lastText || answer.text === "") return answer;
      lastText = answer.text;
      const { changes, changeId } = answer.value;
      records = mergeRecords(full && changes.length > 0 ? new Map() : records, changes);
      // Of a timeline without records everything is still to come, whatever was changed last.
      cursor = full && changes.length === 0 ? undefined : (changeId ?? undefined);
      return answer;
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
function withoutTimeline(error: unknown): Wish {
  if (error instanceof PassingError) {
    const untold = { why: error.message, isRefused: false };
    return { retryAfterMs: error.retryAfterMs, slowed: error.throttled ? "refused" : undefined, untold };
  }
  if (error instanceof ActionError && error.code !== "unauthorized") {
    const isRefused = error.code === "forbidden" || error.code === "rejected";
    return { retryAfterMs: undefined, untold: { why: error.message, isRefused } };
  }
  throw error;
}
