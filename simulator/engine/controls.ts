import type { Simulator } from "../options.ts";
import type { DecisionKind } from "./schedule.ts";
import { startStageRefusal } from "./stage-starts.ts";
import type { SimulatorState } from "./state.ts";

interface ApprovalDecision {
  readonly kind: DecisionKind;
  readonly accepted: boolean;
  readonly by?: string | undefined;
}

type Controls = Pick<
  Simulator,
  "approve" | "reject" | "authorize" | "validate" | "startStage" | "trigger" | "setQueueStatus"
>;

/** What people do to runs and pipelines in Azure DevOps. A decision may come before it is asked for. */
export function createControls(state: SimulatorState): Controls {
  const runWithStage = (runId: number, stage: string) => {
    const run = state.find(runId);
    if (run === undefined) throw new Error(`The simulator knows no run ${runId}.`);
    if (!run.spec.stages.some((one) => one.name === stage)) {
      throw new Error(`Run ${runId} has no stage "${stage}".`);
    }
    return run;
  };
  const pipeline = (id: number) => {
    const spec = state.pipelines.get(id);
    if (spec === undefined) throw new Error(`The simulator knows no pipeline ${id}.`);
    return spec;
  };
  const recordDecision = (runId: number, stage: string, { kind, accepted, by }: ApprovalDecision) => {
    const run = runWithStage(runId, stage);
    run.decisions.push({ stage, kind, accepted, at: run.elapsed(), ...(by !== undefined && { by }) });
  };
  return {
    approve: (runId, stage, by) => recordDecision(runId, stage, { kind: "Approval", accepted: true, by }),
    reject: (runId, stage, by) => recordDecision(runId, stage, { kind: "Approval", accepted: false, by }),
    authorize: (runId, stage) => recordDecision(runId, stage, { kind: "Authorization", accepted: true }),
    validate: (runId, stage, accepted) => recordDecision(runId, stage, { kind: "Validation", accepted }),
    startStage(runId, stage) {
      const run = runWithStage(runId, stage);
      const refusal = startStageRefusal(run, stage);
      if (refusal !== undefined) throw new Error(refusal);
      run.stageStarts.push({ stage, at: run.elapsed() });
    },
    trigger: (pipelineId, run = {}) => state.trigger(pipeline(pipelineId), run)?.id,
    setQueueStatus: (pipelineId, status) => state.setQueueStatus(pipeline(pipelineId), status),
  };
}
