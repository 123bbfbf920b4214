import type { Candidate, Evidence } from "../core/evidence.ts";
import type { StartedRun } from "../core/model.ts";
import { ActionError, PassingError } from "../errors.ts";
import type { Clock, Host, Pipelines } from "../ports.ts";
import { candidatesOf } from "./candidates.ts";

export interface Start {
  readonly pipelineId: number;
  readonly body: object;
  readonly evidence: Evidence;
}

export interface StartMeans {
  readonly pipelines: Pipelines;
  readonly clock: Clock;
  readonly host: Pick<Host, "write">;
  /** Called before each request that may start the run, with when the first of them went out. */
  readonly onAsk?: (startedAt: number) => void;
  /** Called when it is certain that nothing has been started yet. */
  readonly onRest?: () => void;
}

/** After an open answer the service's list is looked at this long after it, since it may lag. */
const looksAfterMs = [1_000, 3_000, 9_000];
const asksAtMost = 3;
/** How long throttling is put up with, in all. */
const throttledAtMostMs = 5 * 60_000;

/**
 * Starts a run exactly once. A definite refusal is thrown; an answer that leaves it open is never followed by a second
 * request before the service's list has been looked at for a run that can only be ours.
 */
export async function startOnce(start: Start, means: StartMeans, signal: AbortSignal): Promise<Once> {
  const { clock } = means;
  let startedAt = clock.now();
  let mayHaveTwin = false;
  const ask: Asking = {
    // What was refused for certain leaves nothing behind: only from an open request on can a run be ours.
    begins: () => {
      if (mayHaveTwin) return;
      startedAt = clock.now();
      means.onAsk?.(startedAt);
    },
    rests: () => {
      if (!mayHaveTwin) means.onRest?.();
    },
  };
  for (let count = 1; ; count += 1) {
    const outcome = await askUntilHeard({ start, ask }, means, signal);
    if (outcome.kind === "started") return { run: outcome.run, startedAt, mayHaveTwin };
    const { error } = outcome;
    if (error.unsent) {
      ask.rests();
    } else {
      const lost = `The answer to the start was lost (${error.message}).`;
      say(means, `${lost} Looking for the run before asking again.`);
      const found = await lookFor({ start, startedAt, error }, means, signal);
      const run = found && (await adopted(start, found, means, signal));
      if (run !== undefined) return { run, startedAt, mayHaveTwin };
      mayHaveTwin = true;
    }
    if (count === asksAtMost) throw unreachable(start, error, means);
    if (error.unsent) await clock.sleep(1_000 * 2 ** (count - 1), signal);
    say(means, `No run has started (${error.message}). Asking again.`);
  }
}

interface Asking {
  /** A request is about to go out. */
  readonly begins: () => void;
  /** Nothing that was sent can have started a run. */
  readonly rests: () => void;
}

/** A run that was started, and whether an earlier request may have started another. */
export interface Once {
  readonly run: StartedRun;
  /** When the first request went out that may have started it, by this machine's clock. */
  readonly startedAt: number;
  readonly mayHaveTwin: boolean;
}

type Outcome =
  | { readonly kind: "started"; readonly run: StartedRun }
  | { readonly kind: "open"; readonly error: PassingError };

/** One start; being throttled is a definite no, and the same start is asked for again once the service has had its rest. */
async function askUntilHeard(
  { start, ask }: { readonly start: Start; readonly ask: Asking },
  means: StartMeans,
  signal: AbortSignal,
): Promise<Outcome> {
  const { clock, pipelines } = means;
  const since = clock.now();
  for (let refusals = 0; ; refusals += 1) {
    ask.begins();
    try {
      return { kind: "started", run: await pipelines.start(start.pipelineId, start.body, signal) };
    } catch (error) {
      if (!(error instanceof PassingError)) throw error;
      if (!error.throttled) return { kind: "open", error };
      ask.rests();
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
    const isDoubtful = first?.likeness === "perhaps";
    // One that lacks nothing but certainty may get it at the next look.
    if (isDoubtful && second === undefined && after !== looksAfterMs.at(-1)) continue;
    if (first !== undefined && (second !== undefined || isDoubtful)) {
      throw unknown(start, error, { means, alike: alike.map(({ candidate }) => candidate) });
    }
    if (first !== undefined) return first.candidate;
  }
  return undefined;
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
