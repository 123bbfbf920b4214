import { hasInferableRef, defaultRef as refFor, type Trigger } from "../core/default-ref.ts";
import type { RunFacts } from "../core/model.ts";
import { fingerprintOf } from "../core/run-matching.ts";
import type { TrackedRun } from "../core/run-snapshot.ts";
import { requestBody } from "../core/start-request.ts";
import type { Inputs } from "../inputs/inputs.ts";
import { checkProject, type PipelineChoice } from "../inputs/run-target.ts";
import { asObject } from "../lib/json.ts";
import type { JobRuns } from "../ports.ts";
import { headerLine, startedLine } from "../render/run-lines.ts";
import type { ActionDeps } from "./context.ts";
import type { StartDeps } from "./find-started-run.ts";
import { type Outputs, receiveRun } from "./outputs.ts";
import { startOnce } from "./start-once.ts";
import type { StepState } from "./step-state.ts";

/** A complete request to start a run. */
export interface StartPlan {
  readonly pipelineId: number;
  readonly pipelineName: string | null;
  readonly body: Readonly<Record<string, unknown>>;
  /** The requested ref and commit; null leaves them to the pipeline. */
  readonly source: RunFacts["source"];
  /** The pipeline's default branch; `undefined` while it has not been read. */
  readonly defaultRef: string | null | undefined;
  /** The tag by which a later attempt finds this step's run, if it has one. */
  readonly tag?: string | null;
}

/** Finds the pipeline and decides what it builds: no request if both are given. */
export async function resolveStartRequest(
  inputs: Inputs,
  pipeline: PipelineChoice,
  { deps, trigger }: { readonly deps: ActionDeps; readonly trigger: () => Promise<Trigger> },
  signal: AbortSignal,
): Promise<StartPlan> {
  const { pipelines, runner } = deps;
  const pipelineId = pipeline.by === "id" ? pipeline.id : await pipelines.find(pipeline, signal);
  let pipelineName = pipeline.by === "name" ? pipeline.name : null;
  let { ref, commit } = inputs;
  let defaultRef: string | null | undefined;
  if (ref === undefined && !setsSelfRepository(inputs)) {
    const workflowTrigger = await trigger();
    const definition = hasInferableRef(workflowTrigger) ? await pipelines.get(pipelineId, signal) : undefined;
    checkProject(inputs.projectRef, definition?.project);
    const inferred = refFor(workflowTrigger, definition?.repository, definition?.defaultRef);
    pipelineName ??= definition?.name ?? null;
    defaultRef = definition?.defaultRef;
    if (inferred.kind === "inferred") {
      ref = inferred.ref;
      commit ??= inferred.commit;
    } else if (inferred.notice !== undefined) {
      runner.write([{ type: "notice", text: inferred.notice }]);
    }
  }
  const source = { ref: ref ?? null, commit: commit ?? null };
  return { pipelineId, pipelineName, defaultRef, source, body: requestBody({ ...inputs, ref, commit }) };
}

/** Whether `resources` or `request-body` determine what to build, so that nothing is inferred. */
function setsSelfRepository({ resources, requestBody }: Inputs): boolean {
  const repositories = [
    asObject(resources, "repositories"),
    asObject(requestBody, "resources", "repositories"),
  ];
  return repositories.some(({ self }) => self !== undefined);
}

interface StartRunDeps extends StartDeps {
  readonly outputs: Outputs;
  readonly stepState: Pick<StepState, "setPhase" | "setRun">;
  readonly jobRuns: JobRuns;
}

/** Starts the run, and saves and reports its id before anything else. */
export async function startRun(
  plan: StartPlan,
  { projectRef }: Pick<Inputs, "projectRef">,
  deps: StartRunDeps,
  signal: AbortSignal,
): Promise<TrackedRun> {
  const { runner, runs, stepState } = deps;
  const { pipelineId, body, defaultRef, tag = null } = plan;
  const fingerprint = fingerprintOf({ pipelineId, body, tag, defaultRef });
  const onAttempt = (startedAt: number, attempts: number) =>
    stepState.setPhase({ at: "starting", pipelineId, startedAt, attempts, fingerprint });
  const onBackoff = () => stepState.setPhase({ at: "idle" });
  const { run, startedAt, attempts } = await startOnce(
    { pipelineId, body, fingerprint },
    { ...deps, onAttempt, onBackoff },
    signal,
  );
  const trackingPhase = { at: "following", runId: run.id, isOwn: true } as const;
  const duplicateSearch = attempts > 1 ? { pipelineId, startedAt, attempts, fingerprint } : undefined;
  stepState.setPhase({ ...trackingPhase, ...(duplicateSearch && { duplicateSearch }) });
  // Only now, since a run that is received before the phase is saved would belong to another step for the post step.
  deps.jobRuns.addReceived(run.id);
  const { id, name, url = runs.url(id), ref, commit, raw } = run;
  const pipelineName = run.pipelineName ?? plan.pipelineName;
  const source = { ref, commit };
  const tracked = { id, name, url, pipelineName, source, requestedBy: null, raw, isExternal: false };
  receiveRun(tracked, deps);
  runner.write([
    headerLine({
      organization: projectRef.organization.name,
      project: projectRef.project,
      pipeline: pipelineName ?? "pipeline",
      pipelineId,
      ...source,
    }),
    startedLine(tracked, body),
  ]);
  if (duplicateSearch !== undefined) {
    const { cancelDuplicates } = await import("./cancel-run.ts");
    await cancelDuplicates(duplicateSearch, id, deps, signal);
    stepState.setPhase(trackingPhase);
  }
  return tracked;
}
