import { buildRunTree } from "../core/build-run-tree.ts";
import type { RunFacts } from "../core/model.ts";
import { isSameFolder } from "../core/pipeline-folder.ts";
import { documentOf } from "../core/run-document.ts";
import { externalRun, type TrackedRun } from "../core/run-snapshot.ts";
import { ActionError, ignoreError } from "../errors.ts";
import type { Inputs } from "../inputs/inputs.ts";
import {
  checkProject,
  type ExpectedRun,
  type FollowTarget,
  type PipelineChoice,
  type ProjectRef,
} from "../inputs/run-target.ts";
import type { JobRuns, Pipelines, Runner, Runs } from "../ports.ts";
import { headerLine, runLine } from "../render/run-lines.ts";
import { type Outputs, receiveRun, snapshotOutputs } from "./outputs.ts";
import type { StepState } from "./step-state.ts";

interface AttachDeps extends AdoptDeps {
  readonly pipelines: Pick<Pipelines, "find">;
}

export interface AdoptDeps {
  readonly runs: Pick<Runs, "get" | "getStarted">;
  readonly runner: Pick<Runner, "write">;
  readonly outputs: Outputs;
  readonly stepState: Pick<StepState, "setPhase" | "setRun">;
  readonly jobRuns: Pick<JobRuns, "addReceived">;
}

type AttachTarget = Pick<FollowTarget, "runId" | "expected" | "stagesToStart"> & Pick<Inputs, "projectRef">;

/** Follows an existing run, provided that it is the one that the inputs describe. */
export async function attachToRun(
  { runId, expected, projectRef, stagesToStart }: AttachTarget,
  deps: AttachDeps,
  signal: AbortSignal,
): Promise<TrackedRun> {
  const run = await deps.runs.get(runId, { retryForMs: 60_000 }, signal);
  checkProject(projectRef, run.project);
  checkExpectedRun(run, expected);
  await checkPipelineName(run, expected, deps, signal);
  return await adoptRun(run, { projectRef, verb: "Following", isOwn: false, stagesToStart }, deps, signal);
}

/** Missing values count as differences, since the run's id may come from outside. */
function checkExpectedRun(run: RunFacts, { pipeline, ref, commit, inputNames }: ExpectedRun): void {
  const { source } = run;
  const differences = [
    pipeline && pipelineDifference(run.pipeline, pipeline, inputNames.pipeline),
    ref === undefined || source.ref === ref ? undefined : { name: "ref", actual: source.ref, stated: ref },
    commit === undefined || source.commit?.toLowerCase().startsWith(commit.toLowerCase())
      ? undefined
      : { name: "commit", actual: source.commit, stated: commit },
  ].filter((difference) => difference !== undefined);
  const [first] = differences;
  if (first === undefined) return;
  const problems = differences.map(({ name, actual, stated }) =>
    actual === null
      ? `${name}: run ${run.id} cannot be compared with ${stated}, since its value is unknown.`
      : `${name}: run ${run.id} has ${actual}, not ${stated}.`,
  );
  const wrong = new Set([inputNames.run, first.name]);
  throw new ActionError("bad-input", problems.join("\n"), {
    hint: `Correct ${[...wrong].map((name) => `\`${name}\``).join(" or ")}.`,
  });
}

/** Pipelines in different folders may have the same name, so a name without a folder must be that of one pipeline. */
async function checkPipelineName(
  run: RunFacts,
  expected: ExpectedRun,
  { pipelines }: Pick<AttachDeps, "pipelines">,
  signal: AbortSignal,
): Promise<void> {
  const { pipeline } = expected;
  if (pipeline?.by !== "name" || pipeline.folder !== undefined) return;
  const id = await pipelines.find(pipeline, signal).catch((error: unknown) => {
    // The run has this name: its pipeline may have been deleted since.
    if (!(error instanceof ActionError && error.code === "not-found")) throw error;
  });
  if (id !== undefined) checkExpectedRun(run, { ...expected, pipeline: { by: "id", id } });
}

interface Difference {
  /** The name of the input. */
  readonly name: string;
  readonly actual: string | null;
  readonly stated: string;
}

function pipelineDifference(
  actual: RunFacts["pipeline"],
  choice: PipelineChoice,
  inputName: ExpectedRun["inputNames"]["pipeline"],
): Difference | undefined {
  if (choice.by === "id") {
    if (actual.id === choice.id) return undefined;
    const noun = inputName === "pipeline-id" ? "" : "pipeline ";
    return {
      name: inputName,
      actual: actual.id === null ? null : `${noun}${actual.id}`,
      stated: String(choice.id),
    };
  }
  const { name, folder } = choice;
  const isInFolder = folder === undefined || (actual.folder !== null && isSameFolder(actual.folder, folder));
  if (actual.name === name && isInFolder) return undefined;
  const display = (pipelineFolder: string | null, pipelineName: string) =>
    folder === undefined ? pipelineName : `${pipelineFolder?.replace(/\\$/, "") ?? ""}\\${pipelineName}`;
  return {
    name: inputName,
    actual: actual.name === null ? null : display(actual.folder, actual.name),
    stated: display(folder ?? null, name),
  };
}

interface AdoptOptions {
  readonly projectRef: ProjectRef;
  readonly verb: string;
  /** Where the run comes from, for the log. */
  readonly origin?: string | undefined;
  readonly isOwn: boolean;
  readonly stagesToStart?: readonly string[];
}

/** Saves and logs the run that the step follows from now on. */
export async function adoptRun(
  run: RunFacts,
  { projectRef, verb, origin, isOwn, stagesToStart = [] }: AdoptOptions,
  deps: AdoptDeps,
  signal: AbortSignal,
): Promise<TrackedRun> {
  const { runner, outputs, runs, stepState, jobRuns } = deps;
  const { id, source, pipeline } = run;
  const tracked = externalRun(run);
  stepState.setPhase({ at: "following", runId: id, isOwn, ...(stagesToStart.length > 0 && { stages: [] }) });
  jobRuns.addReceived(id);
  receiveRun(tracked, deps);
  // The other values have just been changed by a retry.
  if (!isOwn) outputs.set(snapshotOutputs(documentOf(run, buildRunTree(new Map()), null)));
  runner.write([
    headerLine({
      organization: projectRef.organization.name,
      project: projectRef.project,
      pipeline: pipeline.name ?? "pipeline",
      pipelineId: pipeline.id,
      ...source,
    }),
    runLine(verb, run, origin),
  ]);
  // It is used only by conditions and mappings.
  const response =
    pipeline.id === null
      ? undefined
      : await runs.getStarted(pipeline.id, id, signal).catch(ignoreError("conditions then see no `raw.run`"));
  signal.throwIfAborted();
  return { ...tracked, raw: response?.raw ?? null };
}
