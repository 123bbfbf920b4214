import type { StartedRun } from "../core/model.ts";
import type { Candidate } from "../core/run-matching.ts";
import type { StartSpec } from "../core/start-request.ts";
import { ActionError, asTransient, ignoreError, TransientError } from "../errors.ts";
import { withGracePeriod } from "../lib/abort.ts";
import { backoffMs, maxRetryAfterMs, retry } from "../lib/retry.ts";
import {
  exactMatches,
  filterMatches,
  findCandidates,
  type MatchedRun,
  type SearchResult,
  type StartDeps,
  withDetails,
} from "./find-started-run.ts";
import { ambiguousStart, startFailed, throttledStart, unresolvedStart } from "./start-errors.ts";

/** The times at which the list is read after an inconclusive response: a new run may appear late. */
const searchDelaysMs = [1_000, 3_000, 9_000];

const maxAttempts = 3;

/** How long after the signal the response to a pending request is waited for. */
const abortGraceMs = 2_500;

/** A run that was started. */
export interface StartResult {
  readonly run: StartedRun;
  /** The time of the first request that may have started it, by the runner's clock. */
  readonly startedAt: number;
  /** The number of requests that may have started one. */
  readonly attempts: number;
}

/**
 * Starts a run exactly once. A permanent refusal is thrown. After an inconclusive response, the list of runs is searched for
 * a run that only this request can have started, before the request is repeated. After the signal, no request is sent any
 * more; only the response to a pending request is waited for, for a moment.
 */
export async function startOnce(
  start: StartSpec,
  deps: StartDeps,
  signal: AbortSignal,
): Promise<StartResult> {
  const { clock } = deps;
  const startAttempts = createStartAttempts(deps);
  const toResult = (run: StartedRun): StartResult => ({
    run,
    startedAt: startAttempts.startedAt,
    attempts: startAttempts.attempts,
  });
  const attemptStart = async (): Promise<StartResult> => {
    const outcome = await requestStart(start, { deps, startAttempts }, signal).catch(
      async (error: unknown) => {
        if (!(error instanceof ActionError)) throw error;
        startAttempts.markNotStarted();
        if (startAttempts.attempts === 0) throw error;
        // This request was refused, but an earlier one may have started a run.
        return {
          kind: "started" as const,
          run: await recheckAfterRejection(start, { deps, startAttempts, error }, signal),
        };
      },
    );
    if (outcome.kind === "started") return toResult(outcome.run);
    const { error } = outcome;
    if (error.unsent) {
      startAttempts.markNotStarted();
      throw error;
    }
    startAttempts.markUnanswered();
    logAttempt(
      deps,
      `The response to the start was lost (${error.message}). Searching for the run before retrying.`,
    );
    const found = await findStartedRun(start, { deps, startAttempts, error }, signal);
    if (found === undefined) throw error;
    return toResult(await fetchFoundRun(start, found, deps, signal));
  };
  return await retry(attemptStart, {
    // The search for the run has waited as long as the service requested.
    retryError: (error) => (error instanceof TransientError ? { error, retryAfterMs: 0 } : undefined),
    maxAttempts,
    delayMs: (attempt, { error }) => (error.unsent ? backoffMs(attempt) : 0),
    onRetry: ({ error: { unsent, message } }) =>
      logAttempt(
        deps,
        `${unsent ? "The start was not sent" : "No run was found"} (${message}). Retrying the start.`,
      ),
    toFinalError: ({ error }, { attempts }) =>
      startFailed(start, error, { ...deps, attempts, wasSent: startAttempts.attempts > 0 }),
    clock,
    signal,
  });
}

/** The requests so far, for the clean-up. */
interface StartAttempts {
  /** The time of the first request whose run may exist. */
  readonly startedAt: number;
  /** The number of such requests. */
  readonly attempts: number;
  /** A request is about to be sent. */
  markSent(): void;
  /** The request cannot have started a run. */
  markNotStarted(): void;
  /** The request may have started a run. */
  markUnanswered(): void;
  /** The request has started a run. */
  markStarted(): void;
}

function createStartAttempts({ clock, onAttempt, onBackoff }: StartDeps): StartAttempts {
  let startedAt = 0;
  let attempts = 0;
  const increment = () => {
    attempts += 1;
  };
  return {
    get startedAt() {
      return startedAt;
    },
    get attempts() {
      return attempts;
    },
    markSent: () => {
      // A request that was refused started nothing: only requests with an inconclusive response can have started a run.
      if (attempts === 0) startedAt = clock.now();
      onAttempt?.(startedAt, attempts + 1);
    },
    markNotStarted: () => {
      if (attempts === 0) onBackoff?.();
    },
    markUnanswered: increment,
    markStarted: increment,
  };
}

interface AttemptContext {
  readonly deps: StartDeps;
  readonly startAttempts: StartAttempts;
}

type StartRequestOutcome =
  | { readonly kind: "started"; readonly run: StartedRun }
  | { readonly kind: "unanswered"; readonly error: TransientError };

/** Sends one start. Throttled requests start nothing, and are repeated after `Retry-After`. */
async function requestStart(
  start: StartSpec,
  { deps, startAttempts }: AttemptContext,
  signal: AbortSignal,
): Promise<StartRequestOutcome> {
  const { clock } = deps;
  const send = async (): Promise<StartRequestOutcome> => {
    try {
      const run = await sendStartRequest(start, { deps, startAttempts }, signal);
      startAttempts.markStarted();
      return { kind: "started", run };
    } catch (error) {
      if (!(error instanceof TransientError)) throw error;
      if (!error.throttled) return { kind: "unanswered", error };
      startAttempts.markNotStarted();
      throw error;
    }
  };
  return await retry(send, {
    retryError: asTransient,
    deadline: clock.now() + maxRetryAfterMs,
    onRetry: (_error, waitMs) =>
      logAttempt(
        deps,
        `Azure DevOps is throttling this identity. Retrying the start in ${Math.ceil(waitMs / 1_000)} s.`,
      ),
    toFinalError: throttledStart,
    clock,
    signal,
  });
}

function sendStartRequest(
  { pipelineId, body }: StartSpec,
  { deps: { runs, clock }, startAttempts }: AttemptContext,
  signal: AbortSignal,
): Promise<StartedRun> {
  return withGracePeriod({ graceMs: abortGraceMs, clock, signal }, (graceSignal) => {
    const onSend = () => {
      startAttempts.markSent();
      return graceSignal;
    };
    return runs.start(pipelineId, { body, onSend }, signal);
  });
}

interface UnansweredStart extends AttemptContext {
  readonly error: TransientError;
}

/** Searches for the run of a start whose response was lost. Throws if several runs match, or the match is uncertain. */
async function findStartedRun(
  start: StartSpec,
  { deps, startAttempts, error }: UnansweredStart,
  signal: AbortSignal,
): Promise<Candidate | undefined> {
  const { clock, pipelines } = deps;
  const lostAt = clock.now();
  const minDelayMs = Math.min(error.retryAfterMs ?? 0, maxRetryAfterMs);
  for (const delayMs of searchDelaysMs) {
    await clock.sleep(Math.max(0, lostAt + Math.max(delayMs, minDelayMs) - clock.now()), signal);
    const isLast = delayMs === searchDelaysMs.at(-1);
    const found = await findCandidates(startSearch(start, startAttempts), deps, signal).catch(
      (cause: unknown) => {
        if (cause instanceof ActionError) throw ambiguousStart(start, error, { pipelines, cause });
        throw cause;
      },
    );
    const matches = isLast ? await enrichWithRun(start, found, deps, signal) : found.matches;
    const exact = exactMatches(matches, startAttempts.attempts);
    if (exact.length > 0) return exact[0];
    // A single uncertain match may become certain at the next read.
    if (matches.length === 0 || (matches.length === 1 && !isLast)) continue;
    throw ambiguousStart(start, error, { pipelines, matches: matches.map(({ candidate }) => candidate) });
  }
  return undefined;
}

/** The list may have less data about a run than Get Run, which is requested for a single uncertain match. */
async function enrichWithRun(
  start: StartSpec,
  { matches, judge }: SearchResult,
  deps: StartDeps,
  signal: AbortSignal,
): Promise<readonly MatchedRun[]> {
  const [single, second] = matches;
  if (single === undefined || second !== undefined || single.match === "exact") return matches;
  return filterMatches([await withDetails(single.candidate, start.pipelineId, deps, signal)], judge);
}

/** The run of an earlier request may appear after a later one was refused. */
async function recheckAfterRejection(
  start: StartSpec,
  { deps, startAttempts, error }: AttemptContext & { readonly error: ActionError },
  signal: AbortSignal,
): Promise<StartedRun> {
  const { clock } = deps;
  const rejectedAt = clock.now();
  for (const delayMs of searchDelaysMs) {
    await clock.sleep(Math.max(0, rejectedAt + delayMs - clock.now()), signal);
    const search = await findCandidates(startSearch(start, startAttempts), deps, signal).catch(
      ignoreError("the refusal is reported, with a note that a run may exist"),
    );
    signal.throwIfAborted();
    const [found] = exactMatches(search?.matches ?? [], startAttempts.attempts);
    if (found !== undefined) return await fetchFoundRun(start, found, deps, signal);
  }
  throw unresolvedStart(start, error, deps);
}

function startSearch({ pipelineId, fingerprint }: StartSpec, { startedAt }: StartAttempts) {
  return { pipelineId, fingerprint, startedAt };
}

async function fetchFoundRun(
  start: StartSpec,
  { id, name, url, ref, commit }: Candidate,
  deps: StartDeps,
  signal: AbortSignal,
): Promise<StartedRun> {
  logAttempt(deps, `Found it: the request started ${name}.`);
  const fallback = { id, name, url, pipelineName: null, ref, commit, raw: null };
  return (
    (await deps.runs
      .getStarted(start.pipelineId, id, signal)
      .catch(ignoreError("the data from the list is sufficient"))) ?? fallback
  );
}

function logAttempt({ runner }: StartDeps, text: string): void {
  runner.write([{ type: "text", text }]);
}
