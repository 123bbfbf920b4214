import { documentOf } from "../core/document.ts";
import { type Expression, evaluateCondition, isBuiltInCondition } from "../core/expression.ts";
import type { PollResponse, Records, RunDocument, RunFacts } from "../core/model.ts";
import type { RunTree } from "../core/nodes.ts";
import { buildRunTree } from "../core/tree.ts";
import { isTransient } from "../errors.ts";
import type { MappedOutput } from "../inputs.ts";
import type { Clock, RunPollOptions } from "../ports.ts";
import type { TrackedRun } from "./attach.ts";
import type { StepState } from "./course.ts";
import type { ActionDeps } from "./means.ts";
import { createSnapshotOutputWriter } from "./outputs.ts";
import { isMissingRecords, waitForFinalRecords } from "./settle.ts";
import type { CommitReports } from "./signs.ts";
import type { ProgressLog } from "./story.ts";
import { pollLoop } from "./watch.ts";

export interface WaitOptions {
  readonly run: TrackedRun;
  readonly stopWhen: Expression;
  readonly mapOutputs: readonly MappedOutput[];
  readonly pollIntervalMs: number;
  readonly timeoutMs: number | undefined;
}

/** How a run stood at a look. */
export interface RunSnapshot {
  readonly run: RunFacts;
  readonly tree: RunTree;
  readonly document: RunDocument;
  readonly timelineUnavailable?: PollResponse["timelineUnavailable"];
  /** When it was looked at, by the service's clock where it told the time. Milliseconds since 1970. */
  readonly at: number;
}

/** How a run stood when the wait was over. */
export interface WaitResult extends RunSnapshot {
  readonly end: "reached" | "timed-out";
}

interface WaitContext {
  readonly deps: ActionDeps;
  readonly stepState: StepState;
  readonly progressLog: ProgressLog;
  readonly reports: CommitReports;
  /** Called once, between two looks, with how the run stands while it is under way. */
  readonly onIdle: (snapshot: RunSnapshot) => void;
}

/**
 * Follows a run and tells its story, until `stop-when` holds, the run is completed, or the time is up.
 * Answers nothing where the time was up before any look was answered.
 */
export async function waitForRun(
  options: WaitOptions,
  context: WaitContext,
  signal: AbortSignal,
): Promise<WaitResult | undefined> {
  const { deps, progressLog, reports } = context;
  const { clock } = deps;
  const deadline = clock.now() + (options.timeoutMs ?? Number.POSITIVE_INFINITY);
  const poll = createPoller({ ...options, deadline }, context);
  const handleResponse = createResponseHandler(options, context, signal);
  const isDone = createStopCheck(options.stopWhen, deps);
  let hasIdled = false;
  let snapshot: RunSnapshot | undefined;
  try {
    for await (const response of pollLoop(poll, { ...options, deadline }, clock, signal)) {
      const isCompleted = response.run.status === "completed";
      snapshot = isCompleted
        ? await waitForFinalRecords(
            response,
            { poll, handleResponse, clock, hasPendingLogs: progressLog.hasPendingLogs },
            signal,
          )
        : await handleResponse(response);
      if (isDone(snapshot) || isCompleted) return { ...snapshot, end: "reached" };
      reports.update(snapshot);
      if (hasIdled || response.run.status !== "inProgress") continue;
      hasIdled = true;
      context.onIdle(snapshot);
    }
  } catch (error) {
    // When the time is up anyway, that is what happened.
    if (signal.aborted || clock.now() < deadline || !isTransient(error)) throw error;
  }
  return snapshot && { ...snapshot, end: "timed-out" };
}

/** Takes in what a look shows, and tells of it wherever it matters. */
function createResponseHandler(
  { run: { raw }, mapOutputs }: WaitOptions,
  { deps: { outputs, clock }, stepState, progressLog }: WaitContext,
  signal: AbortSignal,
) {
  const treeFor = memoizedTree();
  const writeOutputs = createSnapshotOutputWriter(outputs, mapOutputs, clock);
  return async (response: PollResponse, isLast = false): Promise<RunSnapshot> => {
    const { run, records, serviceTime, timelineUnavailable } = response;
    const tree = treeFor(records);
    const at = serviceTime ?? clock.now();
    const snapshot = { run, tree, document: documentOf(run, tree, raw), at, timelineUnavailable };
    stepState.setSnapshot(snapshot);
    writeOutputs(snapshot.document);
    const isFinal = isLast || (run.status === "completed" && !isMissingRecords(snapshot));
    await progressLog.update(response, { tree, isLast: isFinal }, signal);
    return snapshot;
  };
}

/** Says once, and then no more, that the condition cannot be evaluated. */
function createStopCheck(stopWhen: Expression, { runner }: Pick<ActionDeps, "runner">) {
  let hasWarned = false;
  return ({ document }: RunSnapshot): boolean => {
    const { holds, problem } = evaluateCondition(stopWhen, document);
    if (problem !== undefined && !hasWarned) {
      hasWarned = true;
      runner.write([{ type: "warning", text: `stop-when could not be evaluated: ${problem}` }]);
    }
    return holds;
  };
}

type PollRun = (options: RunPollOptions, signal: AbortSignal) => Promise<PollResponse>;

/** A queued run's timeline may say what it waits for: worth a request when there has been nothing to tell. */
function createPoller(
  { run, stopWhen, deadline }: WaitOptions & { readonly deadline: number },
  { deps, progressLog }: WaitContext,
): PollRun {
  const poll = ignoreStaleResult(run, deps.pipelines.createRunPoller(run.id), deps.clock);
  // What a condition asks for may stand in the timeline of a run that is still queued.
  const needsTimeline = isBuiltInCondition(stopWhen) ? progressLog.isIdle : () => true;
  const onRetry = progressLog.onPollError;
  return (options, signal) =>
    poll(
      {
        ...options,
        deadline,
        alwaysReadTimeline: options.alwaysReadTimeline === true || needsTimeline(),
        onRetry,
      },
      signal,
    );
}

/** How long the service may take to notice a retry. */
const maxStaleMs = 30_000;

/** Right after a retry the service may still show the end that came before it. */
function ignoreStaleResult({ staleResult }: TrackedRun, poll: PollRun, clock: Clock): PollRun {
  if (staleResult === undefined) return poll;
  const staleUntil = clock.now() + maxStaleMs;
  let hasCaughtUp = false;
  return async (options, signal) => {
    const response = await poll(options, signal);
    const { status, result, finishedAt } = response.run;
    const isStale =
      status === "completed" && result === staleResult.result && finishedAt === staleResult.finishedAt;
    hasCaughtUp ||= !isStale || clock.now() >= staleUntil;
    if (hasCaughtUp) return response;
    const run = { ...response.run, status: "inProgress", result: null, finishedAt: null } as const;
    return { ...response, run, records: new Map() };
  };
}

/** Growing a tree takes as long as there are records: only what has changed is worth it. */
function memoizedTree(): (records: Records) => RunTree {
  let last: { readonly records: Records; readonly tree: RunTree } | undefined;
  return (records) => {
    if (last?.records !== records) last = { records, tree: buildRunTree(records) };
    return last.tree;
  };
}
