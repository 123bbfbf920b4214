import { documentOf } from "../core/document.ts";
import { type Expression, isDefault, judge } from "../core/expression.ts";
import type { Look, Records, RunDocument, RunFacts } from "../core/model.ts";
import type { Tree } from "../core/nodes.ts";
import { treeOf } from "../core/tree.ts";
import type { MappedOutput } from "../inputs.ts";
import type { Clock, LookOptions } from "../ports.ts";
import type { Followable } from "./attach.ts";
import type { Course } from "./course.ts";
import type { Means } from "./means.ts";
import { createLookTeller } from "./outputs.ts";
import type { Signs } from "./signs.ts";
import type { Story } from "./story.ts";
import { watch } from "./watch.ts";

export interface Following {
  readonly run: Followable;
  readonly stopWhen: Expression;
  readonly mapOutputs: readonly MappedOutput[];
  readonly intervalMs: number;
  readonly timeoutMs: number | undefined;
}

/** How a run stood at a look. */
export interface Sight {
  readonly run: RunFacts;
  readonly tree: Tree;
  readonly document: RunDocument;
}

/** How a run stood when the wait was over. */
export interface Followed extends Sight {
  readonly end: "reached" | "timed-out";
}

interface Company {
  readonly means: Means;
  readonly course: Course;
  readonly story: Story;
  readonly signs: Signs;
  /** Called once, between two looks, with how the run stands while it is under way. */
  readonly whileIdle: (sight: Sight) => void;
}

/**
 * Follows a run and tells its story, until `stop-when` holds, the run is completed, or the time is up.
 * Answers nothing where the time was up before any look was answered.
 */
export async function follow(
  { run, stopWhen, mapOutputs, intervalMs, timeoutMs }: Following,
  { means, course, story, signs, whileIdle }: Company,
  signal: AbortSignal,
): Promise<Followed | undefined> {
  const { clock, pipelines, outputs, host } = means;
  const deadline = clock.now() + (timeoutMs ?? Number.POSITIVE_INFINITY);
  const grown = cachedTree();
  const tellLook = createLookTeller(outputs, mapOutputs, clock);
  // A queued run's timeline may say what it waits for: worth a request when there has been nothing to tell, and always
  // where a condition may ask for it.
  const isThorough = isDefault(stopWhen) ? story.isQuiet : () => true;
  const lookOnce = sinceRetry(run, pipelines.looker(run.id), clock);
  const look: LookOnce = (options, limit) =>
    lookOnce(
      { ...options, thorough: options.thorough === true || isThorough(), onTrouble: story.trouble },
      limit,
    );
  let problem: string | undefined;
  let hasIdled = false;
  let seen: Sight | undefined;
  try {
    for await (const next of watch(look, { intervalMs, deadline }, clock, signal)) {
      const tree = grown(next.records);
      seen = { run: next.run, tree, document: documentOf(next.run, tree, run.raw) };
      course.see(seen);
      tellLook(seen.document);
      await story.tell(next, tree, signal);
      const verdict = judge(stopWhen, seen.document);
      if (verdict.problem !== undefined && problem === undefined) {
        problem = verdict.problem;
        host.write([{ type: "warning", text: `stop-when could not be evaluated: ${problem}` }]);
      }
      if (next.run.status === "completed" || verdict.holds) return { ...seen, end: "reached" };
      signs.update(seen);
      if (hasIdled || next.run.status !== "inProgress") continue;
      hasIdled = true;
      whileIdle(seen);
    }
  } catch (error) {
    // When the time is up anyway, that is what happened.
    if (signal.aborted || clock.now() < deadline) throw error;
  }
  return seen && { ...seen, end: "timed-out" };
}

type LookOnce = (options: LookOptions, signal: AbortSignal) => Promise<Look>;

/** How long the service may take to notice a retry. */
const staleAtMostMs = 30_000;

/** Right after a retry the service may still show the end that came before it. */
function sinceRetry({ retriedAfter }: Followable, look: LookOnce, clock: Clock): LookOnce {
  if (retriedAfter === undefined) return look;
  const patientUntil = clock.now() + staleAtMostMs;
  let hasCaughtUp = false;
  return async (options, signal) => {
    const seen = await look(options, signal);
    const { status, result, finishedAt } = seen.run;
    const isOldEnd =
      status === "completed" && result === retriedAfter.result && finishedAt === retriedAfter.finishedAt;
    hasCaughtUp ||= !isOldEnd || clock.now() >= patientUntil;
    if (hasCaughtUp) return seen;
    const run = { ...seen.run, status: "inProgress", result: null, finishedAt: null } as const;
    return { ...seen, run, records: new Map() };
  };
}

/** Growing a tree takes as long as there are records: only what has changed is worth it. */
function cachedTree(): (records: Records) => Tree {
  let last: { readonly records: Records; readonly tree: Tree } | undefined;
  return (records) => {
    if (last?.records !== records) last = { records, tree: treeOf(records) };
    return last.tree;
  };
}
