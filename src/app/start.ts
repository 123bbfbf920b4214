import { type Candidate, type Evidence, enriched } from "../core/evidence.ts";
import type { StartedRun } from "../core/model.ts";
import { ActionError, PassingError } from "../errors.ts";
import type { Clock, Host, Pipelines } from "../ports.ts";
import { type Alike, alikeIn, candidatesOf, oursAmong } from "./candidates.ts";
import { busy, leftOpen, undecided, unreachable } from "./start-errors.ts";
import { withGrace } from "./within.ts";

export interface Start {
  readonly pipelineId: number;
  readonly body: object;
  readonly evidence: Evidence;
}

export interface StartMeans {
  readonly pipelines: Pipelines;
  readonly clock: Clock;
  readonly host: Pick<Host, "write">;
  /** Called as a request goes out that may start the run: when the first of them did, and how many they are by now. */
  readonly onAsk?: (startedAt: number, asks: number) => void;
  /** Called when it is certain that nothing has been started yet. */
  readonly onRest?: () => void;
}

/** After an open answer the service's list is looked at this long after it, since it may lag. */
const looksAfterMs = [1_000, 3_000, 9_000];
const asksAtMost = 3;
/** How long the service may have its rest, in all. */
const restAtMostMs = 5 * 60_000;
/** How long after the signal a request that is on its way may still be answered. */
const graceMs = 2_500;

/** A run that was started. */
export interface Once {
  readonly run: StartedRun;
  /** When the first request went out that may have started it, by this machine's clock. */
  readonly startedAt: number;
  /** How many requests may have started one. */
  readonly asks: number;
}

/**
 * Starts a run exactly once. A definite refusal is thrown; an answer that leaves it open is never followed by a second
 * request before the service's list has been looked at for a run that can only be ours. Once the signal has come
 * nothing is asked for any more; only a request that is on its way has a moment for its answer.
 */
export async function startOnce(start: Start, means: StartMeans, signal: AbortSignal): Promise<Once> {
  const { clock } = means;
  const asking = createAsking(means);
  const once = (run: StartedRun): Once => ({ run, startedAt: asking.startedAt, asks: asking.asks });
  for (let count = 1; ; count += 1) {
    const outcome = await askUntilHeard(start, { means, asking }, signal).catch(async (error: unknown) => {
      if (!(error instanceof ActionError)) throw error;
      asking.rest();
      if (asking.asks === 0) throw error;
      // Refused now, and yet an earlier request may have been heard.
      return { kind: "started" as const, run: await foundAfterAll(start, { means, asking, error }, signal) };
    });
    if (outcome.kind === "started") return once(outcome.run);
    const { error } = outcome;
    if (error.unsent) {
      asking.rest();
    } else {
      asking.leaveOpen();
      say(
        means,
        `The answer to the start was lost (${error.message}). Looking for the run before asking again.`,
      );
      const found = await lookFor(start, { means, asking, error }, signal);
      if (found !== undefined) return once(await adopted(start, found, means, signal));
    }
    if (count === asksAtMost) throw unreachable(start, error, { means, asks: asksAtMost });
    if (error.unsent) await clock.sleep(1_000 * 2 ** (count - 1), signal);
    say(means, `No run has started (${error.message}). Asking again.`);
  }
}

/** What has been asked for so far, as whoever has to clean up must know it. */
interface Asking {
  /** When the first request went out whose run may exist. */
  readonly startedAt: number;
  /** How many such requests there were. */
  readonly asks: number;
  /** A request goes out. */
  begin(): void;
  /** It cannot have started anything. */
  rest(): void;
  /** It may have. */
  leaveOpen(): void;
  /** It has. */
  settle(): void;
}

function createAsking({ clock, onAsk, onRest }: StartMeans): Asking {
  let startedAt = 0;
  let asks = 0;
  const count = () => {
    asks += 1;
  };
  return {
    get startedAt() {
      return startedAt;
    },
    get asks() {
      return asks;
    },
    begin: () => {
      // What was refused for certain leaves nothing behind: only from an open request on can a run be ours.
      if (asks === 0) startedAt = clock.now();
      onAsk?.(startedAt, asks + 1);
    },
    rest: () => {
      if (asks === 0) onRest?.();
    },
    leaveOpen: count,
    settle: count,
  };
}

interface Course {
  readonly means: StartMeans;
  readonly asking: Asking;
}

type Outcome =
  | { readonly kind: "started"; readonly run: StartedRun }
  | { readonly kind: "open"; readonly error: PassingError };

/** One start; being throttled is a definite no, and the same start is asked for again once the service has had its rest. */
async function askUntilHeard(start: Start, { means, asking }: Course, signal: AbortSignal): Promise<Outcome> {
  const { clock } = means;
  let refusedAt: number | undefined;
  for (let refusals = 0; ; refusals += 1) {
    try {
      const run = await askOnce(start, { means, asking }, signal);
      asking.settle();
      return { kind: "started", run };
    } catch (error) {
      if (!(error instanceof PassingError)) throw error;
      if (!error.throttled) return { kind: "open", error };
      asking.rest();
      refusedAt ??= clock.now();
      // A rest of no time, or one that is over already, is none.
      const pause = error.retryAfterMs || Math.min(1_000 * 2 ** refusals, 30_000);
      if (clock.now() + pause - refusedAt > restAtMostMs) throw busy(error);
      say(
        means,
        `Azure DevOps is throttling this identity. Starting again in ${Math.ceil(pause / 1_000)} s.`,
      );
      await clock.sleep(pause, signal);
    }
  }
}

function askOnce(
  { pipelineId, body }: Start,
  { means: { pipelines, clock }, asking }: Course,
  signal: AbortSignal,
): Promise<StartedRun> {
  return withGrace({ ms: graceMs, clock, signal }, (late) => {
    const onSend = () => {
      asking.begin();
      return late;
    };
    return pipelines.start(pipelineId, { body, onSend }, signal);
  });
}

interface Lost extends Course {
  readonly error: PassingError;
}

/** Looks for the run of a start whose answer was lost. Throws where it could be any of several. */
async function lookFor(
  start: Start,
  { means, asking, error }: Lost,
  signal: AbortSignal,
): Promise<Candidate | undefined> {
  const { clock, pipelines } = means;
  const lostAt = clock.now();
  const wishMs = Math.min(error.retryAfterMs ?? 0, restAtMostMs);
  for (const after of looksAfterMs) {
    await clock.sleep(Math.max(0, lostAt + Math.max(after, wishMs) - clock.now()), signal);
    const isLast = after === looksAfterMs.at(-1);
    const found = await candidatesOf(soughtBy(start, asking), means, signal).catch((cause: unknown) => {
      if (cause instanceof ActionError) throw undecided(start, error, { pipelines, cause });
      throw cause;
    });
    const alike = isLast ? await clarified(start, found, means, signal) : found;
    const ours = oursAmong(alike, asking.asks);
    if (ours.length > 0) return ours[0];
    // One that lacks nothing but certainty may get it at the next look.
    if (alike.length === 0 || (alike.length === 1 && !isLast)) continue;
    throw undecided(start, error, { pipelines, alike: alike.map(({ candidate }) => candidate) });
  }
  return undefined;
}

/** The list may say less of a run than the run itself: a lone doubt is worth asking. */
async function clarified(
  start: Start,
  alike: readonly Alike[],
  { pipelines }: StartMeans,
  signal: AbortSignal,
): Promise<readonly Alike[]> {
  const [only, another] = alike;
  if (only === undefined || another !== undefined || only.likeness === "ours") return alike;
  const run = await pipelines.run(start.pipelineId, only.candidate.id, signal).catch(() => undefined);
  signal.throwIfAborted();
  return run === undefined ? alike : alikeIn([enriched(only.candidate, run.raw)], only.yardstick);
}

/** The run of an earlier request, which shows up after a later one was refused. */
async function foundAfterAll(
  start: Start,
  { means, asking, error }: Course & { readonly error: ActionError },
  signal: AbortSignal,
): Promise<StartedRun> {
  const { clock } = means;
  const refusedAt = clock.now();
  for (const after of looksAfterMs) {
    await clock.sleep(Math.max(0, refusedAt + after - clock.now()), signal);
    const alike = await candidatesOf(soughtBy(start, asking), means, signal).catch(() => []);
    signal.throwIfAborted();
    const [found] = oursAmong(alike, asking.asks);
    if (found !== undefined) return await adopted(start, found, means, signal);
  }
  throw leftOpen(start, error, means);
}

function soughtBy({ pipelineId, evidence }: Start, { startedAt }: Asking) {
  return { pipelineId, evidence, startedAt };
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
