import type { Candidate } from "../core/evidence.ts";
import { ActionError, type PassingError } from "../errors.ts";
import type { Pipelines } from "../ports.ts";
import type { Start } from "./start.ts";

interface Asked {
  readonly pipelines: Pick<Pipelines, "pipelineAddress">;
}

interface Doubt extends Asked {
  readonly alike?: readonly Candidate[];
  readonly cause?: unknown;
}

/** A run may have started, and nobody can tell which. */
export function undecided(
  { pipelineId }: Start,
  error: PassingError,
  { pipelines, alike = [], cause = error }: Doubt,
): ActionError {
  const list = alike.map(({ name, url }) => `${name}: ${url}`).join("\n");
  const why = alike.length > 0 ? `It may be one of these:\n${list}` : "Looking for it failed too.";
  return new ActionError("start-unknown", `Whether a run has started is unknown (${error.message}). ${why}`, {
    hint: `Look at ${pipelines.pipelineAddress(pipelineId)} before running this step again.`,
    cause,
  });
}

/** Every request was lost, and none has left a run. */
export function unreachable(
  { pipelineId }: Start,
  error: PassingError,
  { means: { pipelines }, asks }: { readonly means: Asked; readonly asks: number },
): ActionError {
  return new ActionError("unreachable", `The run could not be started in ${asks} tries: ${error.message}.`, {
    hint: `Check that Azure DevOps is reachable from this runner. No run was found at ${pipelines.pipelineAddress(pipelineId)}.`,
    cause: error,
  });
}

/** The service wants more rest than a step can give it. */
export function busy(error: PassingError): ActionError {
  const seconds = Math.ceil((error.retryAfterMs ?? 0) / 1_000);
  const demand = seconds === 0 ? "" : `; the service wants another ${seconds} s of rest`;
  return new ActionError("busy", `The run could not be started: ${error.message}${demand}.`, {
    hint: error.hint ?? "Start fewer runs at once: the limit is per identity and five minutes.",
    cause: error,
  });
}

/** A refusal, after a request whose answer was lost: its run may yet show up. */
export function leftOpen(
  { pipelineId }: Start,
  { code, message, hint, cause }: ActionError,
  { pipelines }: Asked,
): ActionError {
  const doubt = `An earlier request may have started a run all the same: look at ${pipelines.pipelineAddress(pipelineId)}.`;
  return new ActionError(code, message, { hint: [hint, doubt].filter(Boolean).join("\n"), cause });
}
