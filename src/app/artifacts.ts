import { missingArtifactsMessage, selectArtifacts } from "../core/artifact-selection.ts";
import type { RunFacts } from "../core/model.ts";
import { checkOutputName } from "../core/output-values.ts";
import { ActionError, reasonOf } from "../errors.ts";
import type { Inputs } from "../inputs/inputs.ts";
import { oneLine, quotedName, sizeText } from "../lib/text.ts";
import { durationText } from "../lib/time.ts";
import type { Artifact, ArtifactStore, Runner } from "../ports.ts";
import type { ActionDeps } from "./context.ts";

type ArtifactRequest = Pick<Inputs, "outputsArtifact" | "downloadArtifacts">;

interface DownloadContext {
  readonly inputs: ArtifactRequest & Pick<Inputs, "artifactsPath">;
  readonly run: RunFacts;
  readonly available: readonly Artifact[];
  readonly store: ArtifactStore;
  /** Whether the run satisfied `success-when`: then a missing artifact is an error, else a warning. */
  readonly isSuccess: boolean;
}

/** Each time this much more has come, it is said. */
const progressBytes = 100 * 1024 * 1024;

const minLoggedWaitMs = 5_000;

/** Brings back the artifacts that the step asked for: their values as outputs, their files into folders. */
export async function downloadArtifacts(
  context: DownloadContext,
  deps: ActionDeps,
  signal: AbortSignal,
): Promise<void> {
  const { inputs, available, isSuccess } = context;
  const requested = [
    ...(inputs.outputsArtifact === undefined ? [] : [inputs.outputsArtifact]),
    ...(inputs.downloadArtifacts ?? []),
  ];
  if (inputs.outputsArtifact !== undefined) await downloadOutputs(context, deps, signal);
  if (inputs.downloadArtifacts !== undefined)
    await downloadFiles(context, inputs.downloadArtifacts, deps, signal);
  // What exists is of use whatever else is missing.
  const { missing } = selectArtifacts(requested, available);
  if (missing.length === 0) return;
  const text = missingArtifactsMessage(missing, available);
  if (!isSuccess) return deps.runner.write([{ type: "warning", text }]);
  throw new ActionError("not-found", text, {
    hint: "Correct `outputs-artifact` or `download-artifacts`, or publish the artifact.",
  });
}

/** Says why nothing is fetched of a run that goes on, to those who asked for something. */
export function logSkippedDownload(inputs: ArtifactRequest, runner: Pick<Runner, "write">): void {
  if (!requestsArtifacts(inputs)) return;
  const text = "No artifacts were fetched: they are fetched only once the run is completed.";
  runner.write([{ type: "text", text }]);
}

export function requestsArtifacts({ outputsArtifact, downloadArtifacts }: ArtifactRequest): boolean {
  return outputsArtifact !== undefined || downloadArtifacts !== undefined;
}

async function downloadOutputs(
  { inputs, run, available, store }: DownloadContext,
  { outputs, runner }: ActionDeps,
  signal: AbortSignal,
): Promise<void> {
  const artifact = available.find(({ name }) => name === inputs.outputsArtifact);
  if (artifact === undefined) return;
  const ref = { artifact, runId: run.id, pipelineId: run.pipeline.id };
  const entries = await store.readOutputs(ref, { onWait: createWaitLogger(artifact, runner) }, signal);
  for (const [name] of entries) {
    try {
      checkOutputName(name);
    } catch (error) {
      throw new ActionError("bad-input", `outputs-artifact: ${reasonOf(error)}`);
    }
  }
  outputs.set(Object.fromEntries(entries));
}

async function downloadFiles(
  { inputs, run, available, store }: DownloadContext,
  requested: readonly string[],
  { runner }: ActionDeps,
  signal: AbortSignal,
): Promise<void> {
  // What nobody asked for by name, and cannot be downloaded, is no failure.
  const selection = selectArtifacts(
    requested,
    available.filter(({ name, kind }) => kind !== "other" || requested.includes(name)),
  );
  if (selection.found.length === 0 && requested.includes("*"))
    runner.write([{ type: "text", text: "The run has no artifacts to download." }]);
  for (const artifact of selection.found) {
    const name = oneLine(artifact.name);
    let loggedBytes = 0;
    const onProgress = (bytes: number) => {
      if (bytes - loggedBytes < progressBytes) return;
      loggedBytes = bytes;
      const totalText = artifact.size === undefined ? "" : ` of ${sizeText(artifact.size)}`;
      runner.write([{ type: "text", text: `Downloading ${name}: ${sizeText(bytes)}${totalText}` }]);
    };
    const options = { into: inputs.artifactsPath, onProgress, onWait: createWaitLogger(artifact, runner) };
    const { files, bytes } = await store.save(
      { artifact, runId: run.id, pipelineId: run.pipeline.id },
      options,
      signal,
    );
    const summary = `${files} ${files === 1 ? "file" : "files"}, ${sizeText(bytes)}`;
    runner.write([
      {
        type: "text",
        text: `Downloaded ${name} to ${inputs.artifactsPath}/${name}: ${summary}`,
      },
    ]);
  }
}

/** Says what a download waits for, unless it is over in a moment. */
function createWaitLogger(
  { name }: Artifact,
  runner: Pick<Runner, "write">,
): (waitMs: number, reason: string) => void {
  return (waitMs, reason) => {
    if (waitMs < minLoggedWaitMs) return;
    const text = `Asking for artifact ${quotedName(name)} in ${durationText(waitMs)}: ${oneLine(reason)}.`;
    runner.write([{ type: "text", text }]);
  };
}
