import { advance, nothingSeen, type RunEvent } from "../core/advance.ts";
import type { Look } from "../core/model.ts";
import type { Tree } from "../core/nodes.ts";
import { type LineContext, linesOf } from "../render/lines.ts";
import { untoldText } from "../render/standing.ts";
import type { Means } from "./means.ts";
import { createSilence } from "./silence.ts";
import type { TaskLogs } from "./task-logs.ts";
import { until } from "./within.ts";

export interface Story {
  /** Tells what a look shows that the last one did not. `isLast`: nothing more is to come. */
  tell(
    look: Look,
    seen: { readonly tree: Tree; readonly isLast: boolean },
    signal: AbortSignal,
  ): Promise<void>;
  /** Says, when silence has lasted long enough, that the service is not heard of. */
  trouble(why: string, sinceMs: number): void;
  /** Whether it has been quiet for so long that the next look should be a thorough one. */
  isQuiet(): boolean;
  /** Whether logs that are to be shown have not come yet. */
  awaitsLogs(): boolean;
  /** Says in between, when silence has lasted too long, how the run stood last, until the signal ends it. */
  keepTelling(signal: AbortSignal): Promise<void>;
}

interface Telling {
  readonly logs: TaskLogs;
  /** Of the whole wait, which nothing that is nice to know may outlast. Milliseconds. */
  readonly timeoutMs: number | undefined;
}

/** Tells a run in the job's log, from looks that may have missed anything in between. */
export function createStory({ logs, timeoutMs }: Telling, means: Means): Story {
  const { host, clock } = means;
  const zero = clock.now();
  const deadline = zero + (timeoutMs ?? Number.POSITIVE_INFINITY);
  const silence = createSilence({ zero, deadline, isHeld: logs.isShowing }, means);
  const tellEvents = createTeller({ logs, deadline, onLine: silence.end }, means);
  let seen = nothingSeen;
  let zeroMs: number | undefined;
  let isUntoldSaid = false;

  /** What only this look did not see the next may show: it is said once that has lasted, or nothing more comes. */
  function sayUntold({ untold }: Look, isLast: boolean): void {
    if (untold === undefined || isUntoldSaid) return;
    if (!untold.isRefused && !isLast && !silence.isLong()) return;
    isUntoldSaid = true;
    host.write([{ type: untold.isRefused ? "warning" : "text", text: untoldText(untold) }]);
  }

  return {
    isQuiet: silence.isLong,
    awaitsLogs: logs.areAwaited,
    trouble: silence.trouble,
    keepTelling: silence.keepTelling,
    tell: async (look, { tree, isLast }, signal) => {
      const { run, serviceTime } = look;
      zeroMs ??= serviceTime;
      silence.see(look, tree);
      const step = advance(seen, run, tree, isLast);
      seen = step.seen;
      await tellEvents(step.events, { elapsedMs: clock.now() - zero, zeroMs, runUrl: run.url }, signal);
      await logs.catchUp(tree, signal);
      sayUntold(look, isLast);
      if (run.status !== "completed") await silence.tell(signal);
    },
  };
}

interface Teller extends Pick<Telling, "logs"> {
  /** Of the whole wait, by the clock. */
  readonly deadline: number;
  /** Called for each event that has been worth a line. */
  readonly onLine: () => void;
}

/** Tells one event after the other. */
function createTeller(
  { logs, deadline, onLine }: Teller,
  { host, clock, pipelines }: Pick<Means, "host" | "clock" | "pipelines">,
) {
  async function approversOf(event: RunEvent, signal: AbortSignal): Promise<readonly string[]> {
    if (event.type !== "wait-started" || event.wait.kind !== "approval") return [];
    if (event.wait.status === "completed") return [];
    const ask = (limit: AbortSignal) => pipelines.approvers(event.wait.id, limit);
    return await until(deadline, clock, ask, signal).catch(() => []);
  }

  return async (events: readonly RunEvent[], context: LineContext, signal: AbortSignal): Promise<void> => {
    for (const event of events) {
      const lines = linesOf(event, { ...context, approvers: await approversOf(event, signal) });
      host.write(lines);
      if (lines.length > 0) onLine();
      if (event.type === "task-finished") await logs.onFinished(event, signal);
    }
  };
}
