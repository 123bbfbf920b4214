import { type Candidate, type Evidence, likenessOf } from "../core/evidence.ts";
import type { StartedRun } from "../core/model.ts";
import { ActionError, PassingError } from "../errors.ts";
import type { Clock, Host, Patience, Pipelines, Recent } from "../ports.ts";

export interface Start {
  readonly pipelineId: number;
  readonly body: object;
  readonly evidence: Evidence;
}

export interface StartMeans {
  readonly pipelines: Pipelines;
  readonly clock: Clock;
  readonly host: Pick<Host, "write">;
}

/** After an open answer the service's list is looked at this long after it, since it may lag. */
const looksAfterMs = [1_000, 3_000, 9_000];
const asksAtMost = 3;
/** How long throttling is put up with, in all. */
const throttledAtMostMs = 5 * 60_000;
const lookPatienceMs = 60_000;

/**
 * Starts a run exactly once. A definite refusal is thrown; an answer that leaves it open is never followed by a second
 * request before the service's list has been looked at for a run that can only be ours.
 */
export async function startOnce(start: Start, means: StartMeans, signal: AbortSignal): Promise<Once> {
  const { clock } = means;
  const startedAt = clock.now();
  let mayHaveTwin = false;
  for (let ask = 1; ; ask += 1) {
    const outcome = await askUntilHeard(start, means, signal);
    if (outcome.kind === "started") return { run: outcome.run, startedAt, mayHaveTwin };
    const { error } = outcome;
    if (!error.unsent) {
      const lost = `The answer to the start was lost (${error.message}).`;
      say(means, `${lost} Looking for the run before asking again.`);
      const found = await lookFor({ start, startedAt, error }, means, signal);
      const run = found && (await adopted(start, found, means, signal));
      if (run !== undefined) return { run, startedAt, mayHaveTwin };
      mayHaveTwin = true;
    }
    if (ask === asksAtMost) throw unreachable(start, error, means);
    if (error.unsent) await clock.sleep(1_000 * 2 ** (ask - 1), signal);
    say(means, `No run has started (${error.message}). Asking again.`);
  }
}

/** A run that was started, and whether an earlier request may have started another. */
export interface Once {
  readonly run: StartedRun;
  /** When the first request went out, by this machine's clock. */
  readonly startedAt: number;
  readonly mayHaveTwin: boolean;
}

type Outcome =
  | { readonly kind: "started"; readonly run: StartedRun }
  | { readonly kind: "open"; readonly error: PassingError };

/** One start; being throttled is a definite no, and the same start is asked for again once the service has had its rest. */
async function askUntilHeard(start: Start, means: StartMeans, signal: AbortSignal): Promise<Outcome> {
  const { clock, pipelines } = means;
  const since = clock.now();
  for (let refusals = 0; ; refusals += 1) {
    try {
      return { kind: "started", run: await pipelines.start(start.pipelineId, start.body, signal) };
    } catch (error) {
      if (!(error instanceof PassingError)) throw error;
      if (!error.throttled) return { kind: "open", error };
      const pause = error.retryAfterMs ?? Math.min(1_000 * 2 ** refusals, 30_000);
      if (clock.now() + pause - since > throttledAtMostMs) throw busy(error, pause);
      say(
        means,
        `Azure DevOps is throttling this identity. Starting again in ${Math.ceil(pause / 1_000)} s.`,
      );
      await clock.sleep(pause, signal);
    }
  }
}

interface Lost {
  readonly start: Start;
  /** When the first request went out, by this machine's clock. */
  readonly startedAt: number;
  readonly error: PassingError;
}

/** Looks for the run of a start whose answer was lost. Throws where it could be any of several. */
async function lookFor(
  { start, startedAt, error }: Lost,
  means: StartMeans,
  signal: AbortSignal,
): Promise<Candidate | undefined> {
  const { clock } = means;
  const lostAt = clock.now();
  for (const after of looksAfterMs) {
    await clock.sleep(Math.max(0, lostAt + after - clock.now()), signal);
    const alike = await candidatesOf({ start, startedAt }, means, signal).catch((cause: unknown) => {
      if (cause instanceof ActionError) throw unknown(start, error, { means, cause });
      throw cause;
    });
    const [first, second] = alike;
    if (first !== undefined && (second !== undefined || first.likeness === "perhaps")) {
      throw unknown(start, error, { means, alike: alike.map(({ candidate }) => candidate) });
    }
    if (first !== undefined) return first.candidate;
  }
  return undefined;
}

interface Alike {
  readonly candidate: Candidate;
  readonly likeness: "ours" | "perhaps";
}

interface Sought {
  readonly start: Pick<Start, "evidence" | "pipelineId">;
  readonly startedAt: number;
  readonly patience?: Patience;
}

/** Runs that are, or may be, what this start brought about. */
export async function candidatesOf(
  { start, startedAt, patience = { patienceMs: lookPatienceMs } }: Sought,
  { pipelines, clock }: Pick<StartMeans, "pipelines" | "clock">,
  signal: AbortSignal,
): Promise<readonly Alike[]> {
  const recent = await pipelines.recent(start.pipelineId, patience, signal);
  const moment = { since: sinceBy(recent, clock.now() - startedAt, startedAt), me: recent.me };
  return recent.candidates.flatMap((candidate) => {
    const likeness = likenessOf(candidate, start.evidence, moment);
    return likeness === "other" ? [] : [{ candidate, likeness }];
  });
}

/** When the start went out, by the service's clock, which need not be this machine's. Its `Date` has whole seconds. */
function sinceBy({ serviceTime }: Recent, elapsedMs: number, startedAt: number): number {
  return (serviceTime === undefined ? startedAt : serviceTime - elapsedMs) - 1_000;
}

/**
 * A run that shows up late, after the start had to be asked again, is ours by the same evidence: one of the two goes.
 * What cannot be cancelled is said: the run that is followed is not lost for it.
 */
export async function cancelTwins(
  start: Pick<Start, "pipelineId" | "evidence">,
  { run, startedAt }: Once,
  means: StartMeans,
  signal: AbortSignal,
): Promise<void> {
  const { pipelines, clock } = means;
  await clock.sleep(1_000, signal);
  const alike = await candidatesOf({ start, startedAt }, means, signal).catch(() => []);
  signal.throwIfAborted();
  for (const { candidate, likeness } of alike) {
    const { id, name, url, status } = candidate;
    if (likeness !== "ours" || id === run.id || status === "completed") continue;
    try {
      await pipelines.cancel(id, { patienceMs: 30_000 }, signal);
      say(means, `An earlier request had started ${name} after all; it was cancelled: ${url}`);
    } catch (error) {
      signal.throwIfAborted();
      const why = error instanceof Error ? error.message : String(error);
      const text = `An earlier request had started ${name} after all, which could not be cancelled (${why}): ${url}`;
      means.host.write([{ type: "warning", text }]);
    }
  }
}

async function adopted(
  start: Start,
  { id, name, url, ref, commit }: Candidate,
  means: StartMeans,
  signal: AbortSignal,
): Promise<StartedRun> {
  say(means, `Found it: the request had started ${name}.`);
  const plain = { id, name, url, pipelineName: null, ref, commit, raw: null };
  return await means.pipelines.run(start.pipelineId, id, signal).catch(() => plain);
}

function say({ host }: StartMeans, text: string): void {
  host.write([{ type: "text", text }]);
}

interface Doubt {
  readonly means: StartMeans;
  readonly alike?: readonly Candidate[];
  readonly cause?: unknown;
}

function unknown(
  start: Start,
  error: PassingError,
  { means, alike = [], cause = error }: Doubt,
): ActionError {
  const list = alike.map(({ name, url }) => `${name}: ${url}`).join("\n");
  const why = alike.length > 0 ? `It may be one of these:\n${list}` : "Looking for it failed too.";
  return new ActionError("start-unknown", `Whether a run has started is unknown (${error.message}). ${why}`, {
    hint: `Look at ${means.pipelines.pipelineAddress(start.pipelineId)} before running this step again.`,
    cause,
  });
}

function unreachable(start: Start, error: PassingError, { pipelines }: StartMeans): ActionError {
  return new ActionError(
    "unreachable",
    `The run could not be started in ${asksAtMost} tries: ${error.message}.`,
    {
      hint: `Check that Azure DevOps is reachable from this runner. No run was found at ${pipelines.pipelineAddress(start.pipelineId)}.`,
      cause: error,
    },
  );
}

function busy(error: PassingError, pauseMs: number): ActionError {
  const demand = `the service wants another ${Math.ceil(pauseMs / 1_000)} s of rest`;
  return new ActionError("busy", `The run could not be started: ${error.message}; ${demand}.`, {
    hint: error.hint ?? "Start fewer runs at once: the limit is per identity and five minutes.",
    cause: error,
  });
}
