import { chooseArtifacts, missingArtifacts } from "../core/artifact-choice.ts";
import { durationText } from "../core/duration.ts";
import type { RunFacts } from "../core/model.ts";
import { sizeText } from "../core/size.ts";
import { oneLine, quotedName } from "../core/text.ts";
import { checkOutputName } from "../core/values.ts";
import { ActionError, reasonOf } from "../errors.ts";
import type { Inputs } from "../inputs.ts";
import type { Artifact, ArtifactStore, Host } from "../ports.ts";
import type { Means } from "./means.ts";

type Wanted = Pick<Inputs, "outputsArtifact" | "downloadArtifacts">;

interface Fetching {
  readonly inputs: Wanted & Pick<Inputs, "artifactsPath">;
  readonly run: RunFacts;
  readonly available: readonly Artifact[];
  readonly store: ArtifactStore;
  /** Whether the run satisfied `success-when`: then a missing artifact is an error, else a warning. */
  readonly isGood: boolean;
}

/** Each time this much more has come, it is said. */
const progressBytes = 100 * 1024 * 1024;
const worthALineMs = 5_000;

/** Brings back the artifacts that the step asked for: their values as outputs, their files into folders. */
export async function fetchArtifacts(fetching: Fetching, means: Means, signal: AbortSignal): Promise<void> {
  const { inputs, available, isGood } = fetching;
  const named = [
    ...(inputs.outputsArtifact === undefined ? [] : [inputs.outputsArtifact]),
    ...(inputs.downloadArtifacts ?? []),
  ];
  if (inputs.outputsArtifact !== undefined) await fetchOutputs(fetching, means, signal);
  if (inputs.downloadArtifacts !== undefined)
    await fetchFiles(fetching, inputs.downloadArtifacts, means, signal);
  // What exists is of use whatever else is missing.
  const { missing } = chooseArtifacts(named, available);
  if (missing.length === 0) return;
  const text = missingArtifacts(missing, available);
  if (!isGood) return means.host.write([{ type: "warning", text }]);
  throw new ActionError("not-found", text, {
    hint: "Correct `outputs-artifact` or `download-artifacts`, or publish the artifact.",
  });
}

/** Says why nothing is fetched of a run that goes on, to those who asked for something. */
export function tellUnfetched(inputs: Wanted, host: Pick<Host, "write">): void {
  if (!wantsArtifacts(inputs)) return;
  const text = "No artifacts were fetched: they are fetched only once the run is completed.";
  host.write([{ type: "text", text }]);
}

export function wantsArtifacts({ outputsArtifact, downloadArtifacts }: Wanted): boolean {
  return outputsArtifact !== undefined || downloadArtifacts !== undefined;
}

async function fetchOutputs(
  { inputs, run, available, store }: Fetching,
  { outputs, host }: Means,
  signal: AbortSignal,
): Promise<void> {
  const artifact = available.find(({ name }) => name === inputs.outputsArtifact);
  if (artifact === undefined) return;
  const wanted = { artifact, runId: run.id, pipelineId: run.pipeline.id };
  const entries = await store.outputs(wanted, { onWait: waitTeller(artifact, host) }, signal);
  for (const [name] of entries) {
    try {
      checkOutputName(name);
    } catch (error) {
      throw new ActionError("bad-input", `outputs-artifact: ${reasonOf(error)}`);
    }
  }
  outputs.tell(Object.fromEntries(entries));
}

async function fetchFiles(
  { inputs, run, available, store }: Fetching,
  wanted: readonly string[],
  { host }: Means,
  signal: AbortSignal,
): Promise<void> {
  // What nobody asked for by name, and cannot be downloaded, is no failure.
  const choice = chooseArtifacts(
    wanted,
    available.filter(({ name, kind }) => kind !== "other" || wanted.includes(name)),
  );
  if (choice.found.length === 0 && wanted.includes("*"))
    host.write([{ type: "text", text: "The run has no artifacts to download." }]);
  for (const artifact of choice.found) {
    const name = oneLine(artifact.name);
    let told = 0;
    const onProgress = (bytes: number) => {
      if (bytes - told < progressBytes) return;
      told = bytes;
      const of = artifact.size === undefined ? "" : ` of ${sizeText(artifact.size)}`;
      host.write([{ type: "text", text: `Downloading ${name}: ${sizeText(bytes)}${of}` }]);
    };
    const how = { into: inputs.artifactsPath, onProgress, onWait: waitTeller(artifact, host) };
    const { files, bytes } = await store.save(
      { artifact, runId: run.id, pipelineId: run.pipeline.id },
      how,
      signal,
    );
    const count = `${files} ${files === 1 ? "file" : "files"}, ${sizeText(bytes)}`;
    host.write([
      {
        type: "text",
        text: `Downloaded ${name} to ${inputs.artifactsPath}/${name}: ${count}`,
      },
    ]);
  }
}

/** Says what a download waits for, unless it is over in a moment. */
function waitTeller({ name }: Artifact, host: Pick<Host, "write">): (waitMs: number, why: string) => void {
  return (waitMs, why) => {
    if (waitMs < worthALineMs) return;
    const text = `Asking for artifact ${quotedName(name)} in ${durationText(waitMs)}: ${oneLine(why)}.`;
    host.write([{ type: "text", text }]);
  };
}
