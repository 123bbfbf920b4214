import type { Simulator } from "../options.ts";
import type { CheckKind } from "./schedule.ts";
import type { SimulatorState } from "./state.ts";

interface ApprovalDecision {
  readonly kind: CheckKind;
  readonly accepted: boolean;
  readonly by?: string | undefined;
}

/** What people do to a run from elsewhere. A decision may come before it is asked for. */
export function createControls(state: SimulatorState): Pick<Simulator, "approve" | "reject" | "authorize"> {
  const recordDecision = (runId: number, stage: string, { kind, accepted, by }: ApprovalDecision) => {
    const run = state.find(runId);
    if (run === undefined) throw new Error(`The simulator knows no run ${runId}.`);
    if (!run.spec.stages.some((one) => one.name === stage)) {
      throw new Error(`Run ${runId} has no stage "${stage}".`);
    }
    run.decisions.push({ stage, kind, accepted, at: run.elapsed(), ...(by !== undefined && { by }) });
  };
  return {
    approve: (runId, stage, by) => recordDecision(runId, stage, { kind: "Approval", accepted: true, by }),
    reject: (runId, stage, by) => recordDecision(runId, stage, { kind: "Approval", accepted: false, by }),
    authorize: (runId, stage) => recordDecision(runId, stage, { kind: "Authorization", accepted: true }),
  };
}
