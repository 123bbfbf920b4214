import { advance, nothingSeen } from "../core/advance.ts";
import { documentOf } from "../core/document.ts";
import type { Expression } from "../core/expression.ts";
import { judge } from "../core/expression.ts";
import type { Look, Records, RunDocument, RunFacts } from "../core/model.ts";
import type { Tree } from "../core/nodes.ts";
import { progressOf } from "../core/progress.ts";
import { timeOf } from "../core/time.ts";
import { treeOf } from "../core/tree.ts";
import { type LineContext, linesOf } from "../render/lines.ts";
import { heartbeatLine } from "../render/standing.ts";
import type { Course } from "./course.ts";
import { createHeartbeat } from "./heartbeat.ts";
import type { Means } from "./means.ts";
import { lookOutputs } from "./outputs.ts";
import { watch } from "./watch.ts";

export interface Following {
  readonly runId: number;
  /** The answer of Run Pipeline or Get Run. */
  readonly rawRun: unknown;
  readonly stopWhen: Expression;
  readonly intervalMs: number;
  readonly timeoutMs: number | undefined;
}

/** How a run stood when the wait was over. */
export interface Followed {
  readonly run: RunFacts;
  readonly tree: Tree;
  readonly document: RunDocument;
  readonly end: "reached" | "timed-out";
}

/** Follows a run and tells its story, until `stop-when` holds, the run is completed, or the time is up. */
export async function follow(
  { runId, rawRun, stopWhen, intervalMs, timeoutMs }: Following,
  means: Means,
  course: Course,
  signal: AbortSignal,
): Promise<Followed> {
  const { clock, pipelines, outputs } = means;
  const deadline = clock.now() + (timeoutMs ?? Number.POSITIVE_INFINITY);
  const teller = createTeller(means, pipelines.webAddress(runId));
  const grown = cachedTree();
  let seen: Followed | undefined;
  try {
    for await (const look of watch(pipelines.looker(runId), { intervalMs, deadline }, clock, signal)) {
      const tree = grown(look.records);
      const document = documentOf(look.run, tree, rawRun);
      seen = { run: look.run, tree, document, end: "timed-out" };
      course.see(document);
      outputs.tell(lookOutputs(document));
      teller.tell(look, tree);
      if (look.run.status === "completed" || judge(stopWhen, document).holds)
        return { ...seen, end: "reached" };
    }
  } catch (error) {
    // When the time is up anyway, that is what happened.
    if (seen === undefined || signal.aborted || clock.now() < deadline) throw error;
  }
  if (seen === undefined) throw new Error("a wait ended without a look");
  return seen;
}

/** Growing a tree takes as long as there are records: only what has changed is worth it. */
function cachedTree(): (records: Records) => Tree {
  let last: { readonly records: Records; readonly tree: Tree } | undefined;
  return (records) => {
    if (last?.records !== records) last = { records, tree: treeOf(records) };
    return last.tree;
  };
}

function createTeller({ host, clock }: Means, runUrl: string) {
  const zero = clock.now();
  const heartbeat = createHeartbeat(zero);
  let seen = nothingSeen;
  let zeroMs: number | undefined;
  return {
    tell: ({ run, serviceTime }: Look, tree: Tree): void => {
      const now = clock.now();
      zeroMs ??= serviceTime;
      const context: LineContext = { elapsedMs: now - zero, zeroMs, runUrl: run.url || runUrl };
      const step = advance(seen, run, tree);
      seen = step.seen;
      const lines = step.events.flatMap((event) => linesOf(event, context));
      host.write(lines);
      if (lines.length > 0) heartbeat.reset(now);
      if (!heartbeat.isDue(now) || run.status === "completed") return;
      const ranMs = (serviceTime ?? now) - (timeOf(run.startedAt) ?? now);
      host.write([heartbeatLine(progressOf(tree, run, [], ranMs), context)]);
      heartbeat.beat(now);
    },
  };
}
