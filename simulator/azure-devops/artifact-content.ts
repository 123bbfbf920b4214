import { createHash } from "node:crypto";
import { guidFrom, recordId } from "../engine/ids.ts";
import type { Run } from "../engine/run.ts";
import { type StageSchedule, waitsForManualStart } from "../engine/schedule.ts";
import { equalsIgnoreCase } from "../engine/schedule-run.ts";
import type { SimulatorState } from "../engine/state.ts";
import { jobIdentifier } from "../engine/timeline-jobs.ts";
import { createZip } from "../http/zip.ts";
import type { ArtifactSpec } from "../spec.ts";
import type { ApiRequest } from "./request.ts";

/** That stage, or without a name the first one. */
export function stageNamed(run: Run, name: string | undefined): StageSchedule | undefined {
  const { stages } = run.schedule();
  return name === undefined ? stages[0] : stages.find((one) => equalsIgnoreCase(one.spec.name, name));
}

/** When a stage, or without a name the first one, is over. */
export function stageEnd(run: Run, name: string | undefined): number {
  const stage = stageNamed(run, name);
  const hasRun = stage !== undefined && stage.result !== "skipped" && !waitsForManualStart(stage.result);
  return hasRun ? stage.end : Infinity;
}

/** What has been published by now. */
export function publishedArtifacts(run: Run): readonly ArtifactSpec[] {
  const t = run.elapsed();
  return (run.spec.artifacts ?? []).filter((one) => stageEnd(run, one.stage) <= t);
}

export function findArtifact(run: Run, name: string): ArtifactSpec | undefined {
  return publishedArtifacts(run).find((one) => equalsIgnoreCase(one.name, name));
}

/** With one top folder, named as the artifact. */
export function artifactZip({ name, files }: ArtifactSpec): Buffer {
  return createZip(
    Object.fromEntries(Object.entries(files).map(([path, content]) => [`${name}/${path}`, content])),
  );
}

export function artifactJson(run: Run, artifact: ArtifactSpec, request: ApiRequest) {
  const index = (run.spec.artifacts ?? []).indexOf(artifact);
  const name = encodeURIComponent(artifact.name);
  const url = `${request.projectUrl}/_apis/build/builds/${run.id}/artifacts?artifactName=${name}&api-version=7.1`;
  const size = String(
    Object.values(artifact.files).reduce((sum, file) => sum + Buffer.from(file).byteLength, 0),
  );
  const common = { id: run.id * 10 + index, name: artifact.name, source: sourceOf(run, artifact) };
  if (artifact.kind === "Container") {
    const data = `#/${300_000 + run.id}/${artifact.name}`;
    const properties = { localpath: "/home/vsts/work/1/a", artifactsize: size };
    const downloadUrl = `${url}&%24format=zip`;
    return { ...common, resource: { type: "Container", data, properties, url, downloadUrl } };
  }
  const hash = (text: string) => `${createHash("sha256").update(text).digest("hex").toUpperCase()}01`;
  return {
    ...common,
    resource: {
      type: "PipelineArtifact",
      data: hash(`${run.id} manifest ${artifact.name}`),
      properties: {
        RootId: hash(`${run.id} root ${artifact.name}`),
        artifactsize: size,
        HashType: "DEDUPNODEORCHUNK",
      },
      url,
      downloadUrl: contentUrl(run, artifact, request),
    },
  };
}

/** The account's name on the host that keeps the artifacts. */
export const artifactAccount = `A${guidFrom("account")}`;

function contentUrl(run: Run, artifact: ArtifactSpec, request: ApiRequest): string {
  const { id } = request.state.project;
  const token = artifactToken(run, artifact);
  return `${request.artifactOrigin}/${artifactAccount}/${id}/_apis/artifact/${token}/content?format=zip`;
}

/** Identifies one artifact in a URL. */
export function artifactToken(run: Run, artifact: ArtifactSpec): string {
  return Buffer.from(`pipelineartifact://build/${run.id}/${artifact.name}`).toString("base64url");
}

export function artifactFromToken(
  state: SimulatorState,
  token: string,
): { run: Run; artifact: ArtifactSpec } | undefined {
  const text = Buffer.from(token, "base64url").toString("utf8");
  const [, id, name] = /^pipelineartifact:\/\/build\/(\d+)\/(.*)$/s.exec(text) ?? [];
  const run = state.find(Number(id));
  const artifact = run?.spec.artifacts?.find((one) => one.name === name);
  return run === undefined || artifact === undefined ? undefined : { run, artifact };
}

function sourceOf(run: Run, artifact: ArtifactSpec): string {
  const { stages } = run.schedule();
  const stage =
    stages.find((one) => artifact.stage !== undefined && equalsIgnoreCase(one.spec.name, artifact.stage)) ??
    stages[0];
  const job = stage?.jobs[0];
  return stage === undefined || job === undefined
    ? guidFrom("no job")
    : recordId(jobIdentifier(stage, job), job.attempt);
}
