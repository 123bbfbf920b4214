import type { Candidate } from "../core/run-matching.ts";
import type { StartSpec } from "../core/start-request.ts";
import { ActionError, type TransientError } from "../errors.ts";
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
    matches.length > 0 ? `It may be one of these:\n${describeRuns(matches)}` : "Searching for it failed too.";
  return new ActionError(
    "start-unknown",
    `Whether a run has started is unknown (${error.message}). ${reason}`,
    { hint: `Look at ${pipelines.url(pipelineId)} before you run this step again.`, cause },
  );
}

/** The answer to every request was lost, and no run has shown up. */
export function startFailed(
  { pipelineId }: StartSpec,
  error: TransientError,
  { deps: { pipelines }, attempts }: { readonly deps: StartErrorDeps; readonly attempts: number },
): ActionError {
  const hint = error.fromGateway ? error.hint : "Check that Azure DevOps is reachable from this runner.";
  return new ActionError(
    error.fromGateway ? "unexpected-response" : "unreachable",
    `The run could not be started in ${attempts} tries: ${error.message}.`,
    { hint: `${hint} No run was found at ${pipelines.url(pipelineId)}.`, cause: error },
  );
}

/** The service throttles for longer than the step waits. */
export function throttledStart(error: TransientError): ActionError {
  const seconds = Math.ceil((error.retryAfterMs ?? 0) / 1_000);
  const retryText = seconds === 0 ? "" : `; the service asked to retry after another ${seconds} s`;
  return new ActionError("busy", `The run could not be started: ${error.message}${retryText}.`, {
    hint: error.hint ?? "Start fewer runs at once: the limit is per identity and five minutes.",
    cause: error,
  });
}

/** A refusal that follows a request whose answer was lost: its run may still show up. */
export function unresolvedStart(
  { pipelineId }: StartSpec,
  { code, message, hint, cause }: ActionError,
  { pipelines }: StartErrorDeps,
): ActionError {
  const warning = `An earlier request may have started a run all the same. Look at ${pipelines.url(pipelineId)}.`;
  return new ActionError(code, message, { hint: [hint, warning].filter(Boolean).join("\n"), cause });
}
