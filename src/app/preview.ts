import { headLine } from "../render/bookends.ts";
import { previewSummary } from "../render/summary.ts";
import type { Prepared } from "./begin.ts";
import type { Playing } from "./play.ts";

/** Validates a request without starting anything. A module of its own: whoever starts a run has no use for it. */
export async function preview(
  { pipelineId, pipelineName, body, source }: Prepared,
  { inputs, means }: Playing,
  signal: AbortSignal,
): Promise<void> {
  const { host, outputs, pipelines } = means;
  const { organization, project } = inputs.place;
  const pipeline = pipelineName ?? "pipeline";
  host.write([headLine({ organization: organization.name, project, pipeline, pipelineId, ...source })]);
  outputs.tell({ "final-yaml": await pipelines.preview(pipelineId, body, signal) });
  host.write([
    { type: "text", text: "The pipeline is valid. Nothing was started; see the output final-yaml." },
  ]);
  const what = { project, pipeline: pipelineName ?? `pipeline ${pipelineId}`, source };
  if (inputs.summary) await means.host.summarize(() => previewSummary(what));
}
