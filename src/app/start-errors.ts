import type { Candidate } from "../core/evidence.ts";
import { ActionError, type TransientError } from "../errors.ts";
import type { Pipelines } from "../ports.ts";
import type { StartSpec } from "./start.ts";

interface StartErrorDeps {
  readonly pipelines: Pick<Pipelines, "pipelineUrl">;
}

interface AmbiguityDetails extends StartErrorDeps {
  readonly matches?: readonly Candidate[];
  readonly cause?: unknown;
}

/** A run may have started, and nobody can tell which. */
export function ambiguousStart(
  { pipelineId }: StartSpec,
  error: TransientError,
  { pipelines, matches = [], cause = error }: AmbiguityDetails,
): ActionError {
  const list = matches.map(({ name, url }) => `${name}: ${url}`).join("\n");
  const reason = matches.length > 0 ? `It may be one of these:\n${list}` : "Looking for it failed too.";
  return new ActionError(
    "start-unknown",
    `Whether a run has started is unknown (${error.message}). ${reason}`,
    {
      hint: `Look at ${pipelines.pipelineUrl(pipelineId)} before running this step again.`,
      cause,
    },
  );
}

/** Every request was lost, and none has left a run. */
export function startFailed(
  { pipelineId }: StartSpec,
  error: TransientError,
  { deps: { pipelines }, attempts }: { readonly deps: StartErrorDeps; readonly attempts: number },
): ActionError {
  return new ActionError(
    "unreachable",
    `The run could not be started in ${attempts} tries: ${error.message}.`,
    {
      hint: `Check that Azure DevOps is reachable from this runner. No run was found at ${pipelines.pipelineUrl(pipelineId)}.`,
      cause: error,
    },
  );
}

/** The service wants more rest than a step can give it. */
export function throttledStart(error: TransientError): ActionError {
  const seconds = Math.ceil((error.retryAfterMs ?? 0) / 1_000);
  const retryText = seconds === 0 ? "" : `; the service wants another ${seconds} s of rest`;
  return new ActionError("busy", `The run could not be started: ${error.message}${retryText}.`, {
    hint: error.hint ?? "Start fewer runs at once: the limit is per identity and five minutes.",
    cause: error,
  });
}

/** A refusal, after a request whose answer was lost: its run may yet show up. */
export function unresolvedStart(
  { pipelineId }: StartSpec,
  { code, message, hint, cause }: ActionError,
  { pipelines }: StartErrorDeps,
): ActionError {
  const warning = `An earlier request may have started a run all the same: look at ${pipelines.pipelineUrl(pipelineId)}.`;
  return new ActionError(code, message, { hint: [hint, warning].filter(Boolean).join("\n"), cause });
}
