import { shaFrom } from "../engine/ids.ts";
import { blobId, headsOf, type RepositoryFile, repositoryFiles } from "../engine/repository-files.ts";
import { equalsIgnoreCase } from "../engine/schedule-run.ts";
import { type ApiResponse, listOf, ok } from "../http/response.ts";
import { createZip } from "../http/zip.ts";
import type { RepositorySpec } from "../spec.ts";
import { repositoryId } from "./build-json.ts";
import type { ApiRequest } from "./request.ts";
import { route } from "./router.ts";
import { gitNotFound, withRepository } from "./routes-git.ts";

/** The files of a repository, which are the same on every branch. */
export const gitItemRoutes = [
  route("GET", "git/repositories/{id}/items", (request) =>
    withRepository(request, (repository) => readItems(repository, request)),
  ),
];

function readItems(repository: RepositorySpec, request: ApiRequest): ApiResponse {
  const commitId = resolveVersion(repository, request);
  if (commitId === undefined) return versionNotFound(request);
  const { state, query } = request;
  const files = repositoryFiles(repository, state.pipelines.values());
  const path = query.get("path");
  if (path === undefined) return listItems(files, commitId, { repository, request });
  const file = files.find((one) => equalsIgnoreCase(one.path, `/${path.replace(/^\/+/, "")}`));
  return file === undefined
    ? itemNotFound(path, { repository, request, commitId })
    : readItem(file, commitId, { repository, request });
}

interface ItemContext {
  readonly repository: RepositorySpec;
  readonly request: ApiRequest;
}

/** As metadata, text, bytes or an archive, by the Accept header. */
function readItem(file: RepositoryFile, commitId: string, context: ItemContext): ApiResponse {
  const { accept, query } = context.request;
  const format = query.get("$format")?.toLowerCase() ?? "";
  if (format === "zip" || accept.includes("application/zip")) {
    const body = createZip({ [file.path.slice(1)]: file.content });
    return { status: 200, type: "application/zip", body };
  }
  if (format !== "json" && /text\/plain|octet-stream/.test(accept)) {
    const type = accept.includes("text/plain") ? "text/plain" : "application/octet-stream";
    return { status: 200, type, body: file.content };
  }
  const includesContent = query.get("includeContent")?.toLowerCase() === "true";
  return ok({ ...itemJson(file, commitId, context), ...(includesContent && { content: file.content }) });
}

/** The root folder, and what is in it when the recursion level asks for it. */
function listItems(files: readonly RepositoryFile[], commitId: string, context: ItemContext): ApiResponse {
  const level = context.request.query.get("recursionLevel")?.toLowerCase() ?? "none";
  const root = {
    objectId: shaFrom(`tree ${commitId}`),
    gitObjectType: "tree",
    commitId,
    path: "/",
    isFolder: true,
    url: itemUrl("/", context),
  };
  const isRecursive = level !== "none" && level !== "0";
  return listOf([root, ...(isRecursive ? files.map((file) => itemJson(file, commitId, context)) : [])]);
}

function itemJson({ path, content }: RepositoryFile, commitId: string, context: ItemContext) {
  return {
    objectId: blobId(content),
    gitObjectType: "blob",
    commitId,
    path,
    url: itemUrl(path, context),
  };
}

function itemUrl(path: string, { repository, request }: ItemContext): string {
  const base = `${request.projectUrl}/_apis/git/repositories/${repositoryId(repository)}/items`;
  return `${base}?path=${encodeURIComponent(path)}&versionType=Branch&versionOptions=None`;
}

function versionOf({ query }: ApiRequest) {
  const read = (name: string) => query.get(`versionDescriptor.${name}`) ?? query.get(name);
  const types = ["branch", "tag", "commit"];
  const type = read("versionType")?.toLowerCase() ?? "branch";
  return { version: read("version") ?? "", type: types[Number(type)] ?? type };
}

/** A blank version is the default branch. */
function resolveVersion(repository: RepositorySpec, request: ApiRequest): string | undefined {
  const { version, type } = versionOf(request);
  if (type === "commit") return version;
  const prefix = type === "tag" ? "refs/tags/" : "refs/heads/";
  const ref = version === "" ? repository.defaultBranch : `${prefix}${version.replace(prefix, "")}`;
  return headsOf(repository).find(([name]) => name === ref)?.[1];
}

function versionText(request: ApiRequest): string {
  const { version, type } = versionOf(request);
  return `<${type.slice(0, 1).toUpperCase()}${type.slice(1)}: ${version} >`;
}

function versionNotFound(request: ApiRequest): ApiResponse {
  return gitNotFound(
    "GitUnresolvableToCommitException",
    `TF401175: The version descriptor ${versionText(request)} could not be resolved to a version in the repository.`,
  );
}

function itemNotFound(
  path: string,
  { repository, request, commitId }: ItemContext & { readonly commitId: string },
): ApiResponse {
  return gitNotFound(
    "GitItemNotFoundException",
    `TF401174: The item '${path}' could not be found in the repository '${repository.name}' at the version specified by '${versionText(request)}' (resolved to commit '${commitId}').`,
  );
}
