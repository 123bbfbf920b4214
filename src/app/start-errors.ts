import type { Candidate } from "../core/run-matching.ts";
import type { StartSpec } from "../core/start-request.ts";
import { ActionError, hintFor, type TransientError } from "../errors.ts";
import type { Pipelines } from "../ports.ts";
import { describeRuns } from "./find-started-run.ts";

interface StartErrorDeps {
  readonly pipelines: Pick<Pipelines, "url">;
}

interface AmbiguityDetails extends StartErrorDeps {
  readonly matches?: readonly Candidate[];
  readonly cause?: unknown;
}

/** A run may have been started, but it is not certain which one. */
export function ambiguousStart(
  { pipelineId }: StartSpec,
  error: TransientError,
  { pipelines, matches = [], cause = error }: AmbiguityDetails,
): ActionError {
  const reason =
    matches.length > 0
      ? `It may be one of these:\n${describeRuns(matches)}`
      : "The search for it also failed.";
  return new ActionError(
    "start-unknown",
    `It is unknown whether a run was started (${error.message}). ${reason}`,
    { hint: `Check ${pipelines.url(pipelineId)} before you run this step again.`, cause },
  );
}

interface FailedStart extends StartErrorDeps {
  readonly attempts: number;
  /** Whether a request was sent, so that a run was searched for. */
  readonly wasSent: boolean;
}

/** The requests could not be sent, or their responses were lost and no run was found. */
export function startFailed(
  { pipelineId }: StartSpec,
  error: TransientError,
  { pipelines, attempts, wasSent }: FailedStart,
): ActionError {
  const search = wasSent ? ` No run was found at ${pipelines.url(pipelineId)}.` : "";
  return new ActionError(
    error.fromGateway ? "unexpected-response" : "unreachable",
    `The run could not be started in ${attempts} attempts: ${error.message}.`,
    { hint: `${hintFor(error)}${search}`, cause: error },
  );
}

/** The service throttles the identity for longer than the step waits. */
export function throttledStart(error: TransientError): ActionError {
  const seconds = Math.ceil((error.retryAfterMs ?? 0) / 1_000);
  const retryText = seconds === 0 ? "" : `; the service requested a further delay of ${seconds} s`;
  return new ActionError("busy", `The run could not be started: ${error.message}${retryText}.`, {
    hint: error.hint ?? "Start fewer runs at the same time: the limit is per identity and five minutes.",
    cause: error,
  });
}

/** A refusal after a request whose response was lost: the run of that request may still appear. */
export function unresolvedStart(
  { pipelineId }: StartSpec,
  { code, message, hint, cause }: ActionError,
  { pipelines }: StartErrorDeps,
): ActionError {
  const warning = `An earlier request may still have started a run. Check ${pipelines.url(pipelineId)}.`;
  return new ActionError(code, message, { hint: [hint, warning].filter(Boolean).join("\n"), cause });
}
