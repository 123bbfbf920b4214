import type { RunFacts } from "../core/model.ts";
import { documentOf } from "../core/run-document.ts";
import { type PollResponse, type RunSnapshot, reopenedRun } from "../core/run-snapshot.ts";
import type { RunTree, StageNode } from "../core/run-tree.ts";
import { ActionError, hintFor, TransientError } from "../errors.ts";
import { maxRetryAfterMs, retry } from "../lib/retry.ts";
import type { Clock } from "../lib/time.ts";
import type { Runs, Stages, StageUpdate } from "../ports.ts";

const maxAttempts = 3;

const delayMs = 1_000;

/** The run before the request. */
interface RunBefore {
  readonly run: Pick<RunFacts, "status">;
  readonly tree: RunTree;
}

export interface StageRequestDeps {
  readonly stages: Stages;
  readonly clock: Clock;
  /** The current run and its whole timeline. */
  readonly readRun: (signal: AbortSignal) => Promise<PollResponse>;
}

/** Reads a run with its whole timeline, each time it is called. */
export function createRunReader(
  runs: Pick<Runs, "createPoller">,
  runId: number,
): StageRequestDeps["readRun"] {
  const pollRun = runs.createPoller(runId);
  return (signal) => pollRun({ retryForMs: 60_000, alwaysReadTimeline: true }, signal);
}

/** The last snapshot once the run goes on: what cancels and reports the run must not take it for completed. */
export function reopenedSnapshot({ run, tree, document, ...snapshot }: RunSnapshot): RunSnapshot {
  const reopened = reopenedRun(run);
  return { ...snapshot, run: reopened, tree, document: documentOf(reopened, tree, document.raw.run) };
}

/**
 * Starts or retries a stage exactly once. After an inconclusive response, the timeline is read: the request is not repeated
 * for a stage whose state or attempt has changed. Returns a refusal, or `undefined`.
 */
export async function requestStage(
  runId: number,
  update: StageUpdate,
  { stages, clock, readRun, before }: StageRequestDeps & { readonly before: RunBefore },
  signal: AbortSignal,
): Promise<ActionError | undefined> {
  const hasChanged = async () => {
    const { run, tree } = await readRun(signal);
    // The service may show the run in progress before its timeline does.
    if (before.run.status === "completed" && run.status !== "completed") return true;
    const [previous, current] = [before.tree, tree].map((shown) => findStage(shown, update.stage));
    return current !== undefined && stateOf(previous) !== stateOf(current);
  };
  const send = () => stages.update(runId, update, {}, signal);
  let openAnswers = 0;
  const attempt = async (): Promise<ActionError | undefined> => {
    try {
      await retry(send, {
        retryError: (error) => (error instanceof TransientError && error.throttled ? error : undefined),
        deadline: clock.now() + maxRetryAfterMs,
        clock,
        signal,
      });
      return undefined;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof ActionError) {
        // A stage that is already running is refused, perhaps because of this step's earlier request.
        if (openAnswers > 0 && (await hasChanged())) return undefined;
        if (isRefusal(error)) return error;
      }
      if (!(error instanceof TransientError) || error.throttled) throw error;
      openAnswers += 1;
      await clock.sleep(Math.max(delayMs, Math.min(error.retryAfterMs ?? 0, maxRetryAfterMs)), signal);
      if (await hasChanged()) return undefined;
      // The response of an old server without this URL looks like that of a gateway.
      if (openAnswers === maxAttempts && error.fromGateway && update.state === "retry")
        return new ActionError("not-found", `${error.message}.`);
      throw error;
    }
  };
  return await retry(attempt, {
    retryError: (error) => (error instanceof TransientError && !error.throttled ? {} : undefined),
    maxAttempts,
    delayMs: () => 0,
    clock,
    signal,
  }).catch((error: unknown) => {
    throw error instanceof TransientError ? stageRequestFailed(update, error) : error;
  });
}

/** Compares identifiers, which are case-insensitive in the service. */
export function findStage({ stages }: RunTree, name: string): StageNode | undefined {
  return (
    stages.find((stage) => stage.name === name) ??
    stages.find((stage) => stage.name.toLowerCase() === name.toLowerCase())
  );
}

function stateOf(stage: StageNode | undefined): string {
  return JSON.stringify([stage?.status, stage?.result, stage?.attempt]);
}

export function isRefusal({ code }: ActionError): boolean {
  return code === "rejected" || code === "not-found" || code === "forbidden" || code === "bad-input";
}

function stageRequestFailed({ stage, state }: StageUpdate, error: TransientError): ActionError {
  const verb = state === "retry" ? "retried" : "started";
  return new ActionError(
    error.throttled ? "busy" : "unreachable",
    `Stage ${stage} could not be ${verb}: ${error.message}.`,
    { hint: hintFor(error), cause: error },
  );
}
