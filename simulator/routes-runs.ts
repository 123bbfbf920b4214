import { type Answer, listOf, ok } from "./answer.ts";
import { pipelineAnswer, previewAnswer, runAnswer } from "./answers-run.ts";
import { bodyOf, type Call, property, textOf } from "./call.ts";
import { finalYaml } from "./log-text.ts";
import { badArgument, buildUnknown, denied, disabled, invalid, pipelineUnknown } from "./problems.ts";
import { route } from "./router.ts";
import type { Run } from "./run.ts";
import type { PipelineSpec } from "./spec.ts";
import { readRunOrder } from "./start.ts";

export const runRoutes = [
  route("GET", "pipelines", listPipelines),
  route("GET", "pipelines/{id}", (call) =>
    withPipeline(call, (spec) => ok(pipelineAnswer(spec, call, true))),
  ),
  route("GET", "pipelines/{id}/runs", (call) => withPipeline(call, (spec) => listRuns(spec, call))),
  route("POST", "pipelines/{id}/runs", (call) => withPipeline(call, (spec) => startRun(spec, call))),
  route("POST", "pipelines/{id}/preview", (call) => withPipeline(call, (spec) => preview(spec, call, false))),
  route("GET", "pipelines/{id}/runs/{runId}", (call) => withRun(call, (run) => ok(runAnswer(run, call)))),
];

/** Ids are numbers; whatever is none does not exist. */
function withPipeline(call: Call, answer: (spec: PipelineSpec) => Answer): Answer {
  const id = call.params["id"] ?? "";
  const spec = call.world.pipelines.get(Number(id));
  return spec === undefined ? pipelineUnknown(id) : answer(spec);
}

export function withRun(call: Call, answer: (run: Run) => Answer): Answer {
  return withPipeline(call, (spec) => {
    const id = call.params["runId"] ?? "";
    const run = call.world.find(Number(id));
    if (run === undefined || run.spec.id !== spec.id) return buildUnknown(id);
    return answer(run);
  });
}

function listPipelines(call: Call): Answer {
  const top = call.query.number("$top") ?? Infinity;
  const from = call.query.number("continuationToken") ?? 0;
  const all = [...call.world.pipelines.values()].map((spec) => pipelineAnswer(spec, call, false));
  const more = all.length > from + top;
  return listOf(
    all.slice(from, from + top),
    more ? { "x-ms-continuationtoken": String(from + top) } : undefined,
  );
}

/** Neither pages nor filters here: newest first. */
function listRuns(spec: PipelineSpec, call: Call): Answer {
  const runs = call.world.all().filter((run) => run.spec.id === spec.id);
  return listOf([...runs].reverse().map((run) => runAnswer(run, call, false)));
}

function startRun(spec: PipelineSpec, call: Call): Answer {
  const body = bodyOf(call);
  if (body === undefined) return badArgument("The request body is not valid JSON.");
  if (property(body, "previewRun") === true) return preview(spec, call, true);
  const { quirks, project } = call.world;
  if (quirks.denied?.includes("Queue builds")) return denied("Queue builds", spec, call.caller, project.name);
  if (spec.disabled === true) return disabled(spec);
  const wanted = readRunOrder(spec, body, call);
  if ("refusals" in wanted) return invalid(wanted.refusals);
  if (wanted.overrides && quirks.denied?.includes("Edit queue build configuration")) {
    return denied("Edit queue build configuration", spec, call.caller, project.name);
  }
  return ok(runAnswer(call.world.start(spec, wanted.order), call));
}

function preview(spec: PipelineSpec, call: Call, asRun: boolean): Answer {
  const body = bodyOf(call);
  if (body === undefined) return badArgument("The request body is not valid JSON.");
  const wanted = readRunOrder(spec, body, call);
  if ("refusals" in wanted) return invalid(wanted.refusals);
  // An empty override is no override.
  const override = textOf(property(body, "yamlOverride")) ?? "";
  const mistakes = override === "" ? [] : yamlMistakes(override);
  if (mistakes.length > 0) return invalid(mistakes);
  const yaml = override === "" ? finalYaml(spec) : override;
  return ok(asRun ? previewAnswer(spec, yaml, call) : { finalYaml: yaml });
}

const rootKeys =
  /^(name|trigger|pr|schedules|resources|variables|parameters|pool|stages|jobs|steps|extends|lockBehavior|appendCommitMessageToRunName|strategy|container|services|workspace)$/;

function yamlMistakes(yaml: string): string[] {
  return yaml.split(/\r?\n/).flatMap((line, index) => {
    const key = /^([A-Za-z_]\w*)\s*:/.exec(line)?.[1];
    if (key === undefined || rootKeys.test(key)) return [];
    return [`/azure-pipelines.yml (Line: ${index + 1}, Col: 1): Unexpected value '${key}'`];
  });
}
