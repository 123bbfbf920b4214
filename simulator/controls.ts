import type { Simulator } from "./options.ts";
import type { CheckKind } from "./plan.ts";
import type { World } from "./world.ts";

interface Decided {
  readonly kind: CheckKind;
  readonly accepted: boolean;
  readonly by?: string | undefined;
}

/** What people do to a run from elsewhere. A decision may come before it is asked for. */
export function controlsOf(world: World): Pick<Simulator, "approve" | "reject" | "authorize"> {
  const decide = (runId: number, stage: string, { kind, accepted, by }: Decided) => {
    const run = world.find(runId);
    if (run === undefined) throw new Error(`The simulator knows no run ${runId}.`);
    if (!run.spec.stages.some((one) => one.name === stage)) {
      throw new Error(`Run ${runId} has no stage "${stage}".`);
    }
    run.decisions.push({ stage, kind, accepted, at: run.elapsed(), ...(by !== undefined && { by }) });
  };
  return {
    approve: (runId, stage, by) => decide(runId, stage, { kind: "Approval", accepted: true, by }),
    reject: (runId, stage, by) => decide(runId, stage, { kind: "Approval", accepted: false, by }),
    authorize: (runId, stage) => decide(runId, stage, { kind: "Authorization", accepted: true }),
  };
}
