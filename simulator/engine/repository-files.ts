import type { PipelineSpec, RepositorySpec } from "../spec.ts";
import { shaFrom } from "./ids.ts";
import { finalYaml } from "./log-text.ts";

export interface RepositoryFile {
  /** With a leading slash. */
  readonly path: string;
  readonly content: string;
}

/** The files of a repository on every branch: the YAML of the first pipeline that builds it, and a readme. */
export function repositoryFiles(
  repository: RepositorySpec,
  pipelines: Iterable<PipelineSpec>,
): readonly RepositoryFile[] {
  const spec = [...pipelines].find((one) => one.repository.name === repository.name);
  return [
    { path: "/README.md", content: `# ${repository.name}\n` },
    ...(spec === undefined ? [] : [{ path: "/azure-pipelines.yml", content: finalYaml(spec) }]),
  ];
}

/** Git's own id of a file's content. */
export function blobId(content: string): string {
  return shaFrom(`blob ${Buffer.byteLength(content)}\0${content}`);
}

/** Full refs with their heads; only the default branch where the repository lists none. */
export function headsOf({ name, defaultBranch, branches }: RepositorySpec): [string, string][] {
  return Object.entries(branches ?? { [defaultBranch]: shaFrom(`${name} ${defaultBranch}`) });
}
