import { headerLine } from "../render/run-lines.ts";
import { previewSummary } from "../render/summary.ts";
import type { ActionContext } from "./context.ts";
import type { StartPlan } from "./start-run.ts";

/** Validates a request without starting anything. A separate module, since it is not loaded to start a run. */
export async function preview(
  { pipelineId, pipelineName, body, source }: StartPlan,
  { inputs, deps }: ActionContext,
  signal: AbortSignal,
): Promise<void> {
  const { runner, outputs, pipelines } = deps;
  const { organization, project } = inputs.projectRef;
  const pipeline = pipelineName ?? "pipeline";
  runner.write([headerLine({ organization: organization.name, project, pipeline, pipelineId, ...source })]);
  outputs.set({ "final-yaml": await pipelines.preview(pipelineId, body, signal) });
  runner.write([
    { type: "text", text: "The pipeline is valid. Nothing was started; see the output final-yaml." },
  ]);
  const details = { project, pipeline: pipelineName ?? `pipeline ${pipelineId}`, source };
  if (inputs.summary) deps.runner.addSummary(() => previewSummary(details));
}
