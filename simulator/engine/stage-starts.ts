import type { Run } from "./run.ts";
import { isSuccessful } from "./schedule.ts";
import { dependenciesOf, equalsIgnoreCase } from "./schedule-run.ts";

/** Why a stage can't be started by hand now, in the words that the service might use; undefined if it can. */
export function startStageRefusal(run: Run, name: string): string | undefined {
  const { stages, cancelledAt, abandonedAt } = run.schedule();
  const index = stages.findIndex((one) => equalsIgnoreCase(one.spec.name, name));
  const stage = stages[index];
  if (stage === undefined) return `Unable to find stage ${name}.`;
  const { spec, result } = stage;
  if (spec.trigger !== "manual") return `Unable to run stage ${spec.name} because it is not a manual stage.`;
  const at = run.elapsed();
  if (at >= Math.min(cancelledAt, abandonedAt))
    return `Unable to run stage ${spec.name} because the run was canceled.`;
  if (run.stageStarts.some((one) => equalsIgnoreCase(one.stage, name)))
    return `Unable to run stage ${spec.name} because it has already been started.`;
  if (result === "skipped" && at >= stage.end)
    return `Unable to run stage ${spec.name} because it was skipped.`;
  const missing = dependenciesOf(spec, stages[index - 1]?.spec).filter((dependency) => {
    const other = stages.find((one) => equalsIgnoreCase(one.spec.name, dependency));
    return other !== undefined && !(other.end <= at && isSuccessful(other.result));
  });
  if (missing.length === 0) return undefined;
  return `Unable to run stage ${spec.name} because it depends on stages that have not completed: ${missing.join(", ")}.`;
}
