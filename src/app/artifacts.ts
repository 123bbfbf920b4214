import type { RunFacts } from "../core/model.ts";
import { checkOutputName, namesInOtherCase } from "../core/output-values.ts";
import { ActionError, RunnerError, reasonOf } from "../errors.ts";
import type { Inputs } from "../inputs/inputs.ts";
import { listed, oneLine, quotedName, sizeText } from "../lib/text.ts";
import { durationText } from "../lib/time.ts";
import type { Artifact, ArtifactStore, Runner } from "../ports.ts";
import type { ActionDeps } from "./context.ts";

type ArtifactRequest = Pick<Inputs, "outputsArtifact" | "downloadArtifacts">;

interface DownloadContext {
  readonly inputs: ArtifactRequest & Pick<Inputs, "artifactsPath" | "mapOutputs">;
  readonly run: RunFacts;
  readonly available: readonly Artifact[];
  readonly store: ArtifactStore;
  /** Whether the run satisfied `success-when`: if so, a missing artifact is an error, else a warning. */
  readonly isSuccess: boolean;
}

/** Progress is logged after this much more data, or after this time. */
const progressBytes = 100 * 1024 * 1024;
const progressMs = 30_000;

const minLoggedWaitMs = 5_000;

interface DownloadDeps extends Pick<ActionDeps, "outputs" | "clock"> {
  readonly runner: Pick<Runner, "write">;
}

/**
 * Downloads the requested artifacts: values become outputs, files go into folders. If one cannot be downloaded, the others
 * still are; the error names all that failed.
 */
export async function downloadArtifacts(
  context: DownloadContext,
  deps: DownloadDeps,
  signal: AbortSignal,
): Promise<void> {
  const { inputs, available, isSuccess } = context;
  const { outputsArtifact, downloadArtifacts: filesOf } = inputs;
  const errors: ActionError[] = [];
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (signal.aborted || !(error instanceof ActionError) || error instanceof RunnerError) throw error;
      errors.push(error);
    }
  };
  if (outputsArtifact !== undefined) await attempt(() => downloadOutputs(context, deps, signal));
  for (const artifact of filesOf === undefined ? [] : selectFiles(context, filesOf, deps))
    await attempt(() => downloadFiles(artifact, context, deps, signal));
  const requested = [...(outputsArtifact === undefined ? [] : [outputsArtifact]), ...(filesOf ?? [])];
  const { missing } = selectArtifacts(requested, available);
  if (missing.length > 0) {
    const text = missingArtifactsMessage(missing, available);
    const inputNames = [
      ...(outputsArtifact !== undefined && missing.includes(outputsArtifact) ? ["`outputs-artifact`"] : []),
      ...(filesOf?.some((name) => missing.includes(name)) ? ["`download-artifacts`"] : []),
    ].join(" and ");
    if (!isSuccess) deps.runner.write([{ type: "warning", text }]);
    else
      errors.push(
        new ActionError("not-found", text, { hint: `Correct ${inputNames}, or publish the artifact.` }),
      );
  }
  const [first] = errors;
  if (first !== undefined) throw errors.length === 1 ? first : combineErrors(first, errors);
}

/** The code is that of the first error. */
function combineErrors(first: ActionError, errors: readonly ActionError[]): ActionError {
  const hints = new Set(errors.flatMap(({ hint }) => hint ?? []));
  return new ActionError(first.code, errors.map(({ message }) => message).join("\n"), {
    hint: [...hints].join("\n"),
    cause: first,
  });
}

/** Logs why no artifacts of a running run are downloaded, if any were requested. */
export function logSkippedDownload(inputs: ArtifactRequest, runner: Pick<Runner, "write">): void {
  if (!requestsArtifacts(inputs)) return;
  const text = "No artifacts were downloaded, since the run is not completed.";
  runner.write([{ type: "text", text }]);
}

export function requestsArtifacts({ outputsArtifact, downloadArtifacts }: ArtifactRequest): boolean {
  return outputsArtifact !== undefined || downloadArtifacts !== undefined;
}

async function downloadOutputs(
  { inputs, run, available, store }: DownloadContext,
  { outputs, runner }: DownloadDeps,
  signal: AbortSignal,
): Promise<void> {
  const artifact = available.find(({ name }) => name === inputs.outputsArtifact);
  if (artifact === undefined) return;
  const ref = { artifact, runId: run.id, pipelineId: run.pipeline.id };
  const entries = await store.readOutputs(ref, { onWait: createWaitLogger(artifact, runner) }, signal);
  const names = entries.map(([name]) => name);
  checkNames(names);
  const mappedNames = new Set(inputs.mapOutputs.map(({ name }) => name.toLowerCase()));
  const isMapped = (name: string) => mappedNames.has(name.toLowerCase());
  const warnAbout = (affected: readonly string[], effect: string) => {
    const text = `outputs-artifact: ${effect}: ${listed(affected.map(oneLine))}.`;
    if (affected.length > 0) runner.write([{ type: "warning", text }]);
  };
  warnAbout(names.filter(isMapped), "not set, since `map-outputs` sets outputs of these names");
  warnAbout(
    namesInOtherCase(names.filter((name) => !isMapped(name))),
    "set to one of several values, since GitHub ignores the case of output names",
  );
  outputs.set(Object.fromEntries(entries.filter(([name]) => !isMapped(name))));
}

function checkNames(names: readonly string[]): void {
  try {
    for (const name of names) checkOutputName(name);
  } catch (error) {
    throw new ActionError("bad-input", `outputs-artifact: ${reasonOf(error)}`);
  }
}

/** An artifact that was not requested by name, and that has no content to download, is not a failure. */
function selectFiles(
  { available }: DownloadContext,
  requested: readonly string[],
  { runner }: Pick<DownloadDeps, "runner">,
): readonly Artifact[] {
  const { found } = selectArtifacts(
    requested,
    available.filter(({ name, kind }) => kind !== "other" || requested.includes(name)),
  );
  if (found.length === 0 && requested.includes("*"))
    runner.write([{ type: "text", text: "The run has no artifacts to download." }]);
  return found;
}

async function downloadFiles(
  artifact: Artifact,
  { inputs, run, store }: DownloadContext,
  { runner, clock }: DownloadDeps,
  signal: AbortSignal,
): Promise<void> {
  const name = oneLine(artifact.name);
  const onProgress = createProgressLogger(artifact, { runner, clock });
  const options = { into: inputs.artifactsPath, onProgress, onWait: createWaitLogger(artifact, runner) };
  const ref = { artifact, runId: run.id, pipelineId: run.pipeline.id };
  const { files, bytes, hadFiles } = await store.save(ref, options, signal);
  const folder = `${inputs.artifactsPath}/${name}`;
  const summary = `${files} ${files === 1 ? "file" : "files"}, ${sizeText(bytes)}`;
  runner.write([{ type: "text", text: `Downloaded ${name} to ${folder}: ${summary}` }]);
  if (!hadFiles) return;
  const text = `${folder} already contained files; those that are not in the artifact were kept.`;
  runner.write([{ type: "warning", text }]);
}

/** Logs the progress of a large or slow download. */
function createProgressLogger(
  { name, size }: Artifact,
  { runner, clock }: Pick<DownloadDeps, "runner" | "clock">,
): (bytes: number) => void {
  let loggedBytes = 0;
  let loggedAt = clock.now();
  return (bytes) => {
    const isDue = bytes - loggedBytes >= progressBytes || clock.now() - loggedAt >= progressMs;
    if (!isDue || bytes === loggedBytes) return;
    loggedBytes = bytes;
    loggedAt = clock.now();
    const totalText = size === undefined ? "" : ` of ${sizeText(size)}`;
    runner.write([{ type: "text", text: `Downloading ${oneLine(name)}: ${sizeText(bytes)}${totalText}` }]);
  };
}

/** Logs why a download waits, unless the delay is short. */
function createWaitLogger(
  { name }: Artifact,
  runner: Pick<Runner, "write">,
): (waitMs: number, reason: string) => void {
  return (waitMs, reason) => {
    if (waitMs < minLoggedWaitMs) return;
    const text = `Retrying artifact ${quotedName(name)} in ${durationText(waitMs)}: ${oneLine(reason)}.`;
    runner.write([{ type: "text", text }]);
  };
}

interface ArtifactSelection<T> {
  readonly found: readonly T[];
  /** Requested names that do not exist. */
  readonly missing: readonly string[];
}

/** The artifacts for a list of names, without duplicates; `*` means all of them. */
export function selectArtifacts<T extends { readonly name: string }>(
  requested: readonly string[],
  available: readonly T[],
): ArtifactSelection<T> {
  const names = new Set(requested);
  const found = available.filter(({ name }) => names.has("*") || names.has(name));
  const missing = [...names].filter(
    (name) => name !== "*" && !available.some((artifact) => artifact.name === name),
  );
  return { found, missing };
}

/** The message for missing artifacts, with the names of the existing ones. */
export function missingArtifactsMessage(
  missing: readonly string[],
  available: readonly { readonly name: string }[],
): string {
  const what = `The run has no artifact ${missing.map(quotedName).join(" or ")}`;
  if (available.length === 0) return `${what}; it has no artifacts.`;
  const names = available.map(({ name }) => quotedName(name));
  return `${what}; it has ${listed(names, 20)}.`;
}
