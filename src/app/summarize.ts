import { firstCauses } from "../core/causes.ts";
import { artifactsUrl } from "../core/links.ts";
import type { Target } from "../inputs/target.ts";
import type { Artifact } from "../ports.ts";
import type { Report, TestCounts, Verdict } from "../render/report.ts";
import { summaryOf, unseenSummary } from "../render/summary.ts";
import type { Followable } from "./attach.ts";
import type { Sight } from "./follow.ts";
import type { Scene } from "./scene.ts";
import { overForMs } from "./settle.ts";

/** What the run left behind, as far as it could be had. */
export interface Findings {
  readonly tests: TestCounts | undefined;
  readonly artifacts: readonly Artifact[] | undefined;
}

const nothing: Findings = { tests: undefined, artifacts: undefined };

/** What is nice to tell is not worth a wait: whoever asked for artifacts asks again. */
const decoration = { patienceMs: 0, timeoutMs: 5_000 };

/** Test results are made known a little after the run's end. */
const youngMs = 30_000;

/** Looks for tests and artifacts, if anybody will be told of them. */
export async function findingsOf(
  sight: Sight,
  { inputs, means }: Scene,
  signal: AbortSignal,
): Promise<Findings> {
  const { run } = sight;
  const isTold = inputs.summary || inputs.checkRun !== undefined;
  if (run.status !== "completed" || !isTold) return nothing;
  const isYoung = (overForMs(sight) ?? youngMs) < youngMs;
  const orNothing = () => {
    signal.throwIfAborted();
    return undefined;
  };
  const [tests, artifacts] = await Promise.all([
    means.pipelines.tests({ runId: run.id, isYoung }, signal).catch(orNothing),
    means.pipelines.artifacts(run.id, decoration, signal).catch(orNothing),
  ]);
  return { tests, artifacts };
}

interface Telling {
  readonly verdict: Verdict;
  readonly findings?: Findings;
}

/** Writes the job's summary and brings check run and commit status to their end. */
export async function summarize(
  sight: Pick<Sight, "run" | "tree" | "at" | "untold">,
  { verdict, findings = nothing }: Telling,
  { inputs, means, course, logs, signs }: Scene,
  signal: AbortSignal,
): Promise<void> {
  if (!course.claimEnd()) return;
  const report = reportOf(sight, { verdict, findings }, { inputs, logs });
  if (inputs.summary) await means.host.summarize((bytes) => summaryOf(report, bytes));
  await signs.end(report, signal);
}

/** Writes the summary of a run that the step does not wait for: there is little to tell. */
export async function summarizeUnseen(
  run: Followable,
  { inputs, means }: Pick<Scene, "inputs" | "means">,
): Promise<void> {
  if (!inputs.summary) return;
  const pipeline = run.pipelineName ?? labelOf(inputs.target);
  const unseen = { project: inputs.place.project, pipeline, run, isStarted: !run.isOthers };
  await means.host.summarize(() => unseenSummary(unseen));
}

/** What the inputs call the pipeline. */
function labelOf(target: Target): string | undefined {
  if (target.kind === "follow") return undefined;
  return target.pipeline.by === "name" ? target.pipeline.name : `pipeline ${target.pipeline.id}`;
}

/**
 * Renders a summary for nobody, while there is nothing else to do: the engine compiles what the end of the run will need
 * at once. Of a small run only, so that the rehearsal never costs what it saves.
 */
export function rehearse(sight: Sight, scene: Pick<Scene, "inputs" | "logs">): void {
  const jobs = sight.tree.stages.reduce((count, stage) => count + stage.jobs.length, 0);
  if (jobs === 0 || jobs > 50) return;
  const tests = { passed: 1, failed: 0, skipped: 0, failedNames: [] };
  const verdict = { kind: "succeeded", text: "rehearsed" } as const;
  summaryOf(reportOf(sight, { verdict, findings: { tests, artifacts: [] } }, scene));
}

function reportOf(
  { run, tree, at, untold }: Pick<Sight, "run" | "tree" | "at" | "untold">,
  { verdict, findings }: Required<Telling>,
  { inputs, logs }: Pick<Scene, "inputs" | "logs">,
): Report {
  return {
    run,
    tree,
    verdict,
    at,
    untold,
    project: inputs.place.project,
    pipeline: run.pipeline.name ?? "pipeline",
    causes: firstCauses(tree, run.problems),
    excerpts: logs.excerpts(),
    tests: findings.tests,
    artifacts: findings.artifacts?.map(({ name, size }) => ({
      name,
      bytes: size,
      url: artifactsUrl(run.url),
    })),
  };
}
