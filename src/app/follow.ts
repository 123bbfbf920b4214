import { documentOf } from "../core/document.ts";
import { type Expression, isDefault, judge } from "../core/expression.ts";
import type { Look, Records, RunDocument, RunFacts } from "../core/model.ts";
import type { Tree } from "../core/nodes.ts";
import { treeOf } from "../core/tree.ts";
import { mayPass } from "../errors.ts";
import type { MappedOutput } from "../inputs.ts";
import type { Clock, LookOptions } from "../ports.ts";
import type { Followable } from "./attach.ts";
import type { Course } from "./course.ts";
import type { Means } from "./means.ts";
import { createLookTeller } from "./outputs.ts";
import { isLagging, settle } from "./settle.ts";
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
  readonly untold?: Look["untold"];
  /** When it was looked at, by the service's clock where it told the time. Milliseconds since 1970. */
  readonly at: number;
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
  following: Following,
  company: Company,
  signal: AbortSignal,
): Promise<Followed | undefined> {
  const { means, story, signs } = company;
  const { clock } = means;
  const deadline = clock.now() + (following.timeoutMs ?? Number.POSITIVE_INFINITY);
  const look = eyesFor({ ...following, deadline }, company);
  const see = seeing(following, company, signal);
  const stops = stopping(following.stopWhen, means);
  let hasIdled = false;
  let seen: Sight | undefined;
  try {
    for await (const next of watch(look, { ...following, deadline }, clock, signal)) {
      const isOver = next.run.status === "completed";
      seen = isOver
        ? await settle(next, { look, see, clock, awaitsLogs: story.awaitsLogs }, signal)
        : await see(next);
      if (stops(seen) || isOver) return { ...seen, end: "reached" };
      signs.update(seen);
      if (hasIdled || next.run.status !== "inProgress") continue;
      hasIdled = true;
      company.whileIdle(seen);
    }
  } catch (error) {
    // When the time is up anyway, that is what happened.
    if (signal.aborted || clock.now() < deadline || !mayPass(error)) throw error;
  }
  return seen && { ...seen, end: "timed-out" };
}

/** Takes in what a look shows, and tells of it wherever it matters. */
function seeing(
  { run: { raw }, mapOutputs }: Following,
  { means: { outputs, clock }, course, story }: Company,
  signal: AbortSignal,
) {
  const grown = cachedTree();
  const tellLook = createLookTeller(outputs, mapOutputs, clock);
  return async (look: Look, isLast = false): Promise<Sight> => {
    const { run, records, serviceTime, untold } = look;
    const tree = grown(records);
    const at = serviceTime ?? clock.now();
    const sight = { run, tree, document: documentOf(run, tree, raw), at, untold };
    course.see(sight);
    tellLook(sight.document);
    const isEnd = isLast || (run.status === "completed" && !isLagging(sight));
    await story.tell(look, { tree, isLast: isEnd }, signal);
    return sight;
  };
}

/** Says once, and then no more, that the condition cannot be evaluated. */
function stopping(stopWhen: Expression, { host }: Pick<Means, "host">) {
  let isTold = false;
  return ({ document }: Sight): boolean => {
    const { holds, problem } = judge(stopWhen, document);
    if (problem !== undefined && !isTold) {
      isTold = true;
      host.write([{ type: "warning", text: `stop-when could not be evaluated: ${problem}` }]);
    }
    return holds;
  };
}

type LookOnce = (options: LookOptions, signal: AbortSignal) => Promise<Look>;

/** A queued run's timeline may say what it waits for: worth a request when there has been nothing to tell. */
function eyesFor(
  { run, stopWhen, deadline }: Following & { readonly deadline: number },
  { means, story }: Company,
): LookOnce {
  const look = sinceRetry(run, means.pipelines.looker(run.id), means.clock);
  // What a condition asks for may stand in the timeline of a run that is still queued.
  const isThorough = isDefault(stopWhen) ? story.isQuiet : () => true;
  const onTrouble = story.trouble;
  return (options, signal) =>
    look({ ...options, deadline, thorough: options.thorough === true || isThorough(), onTrouble }, signal);
}

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
