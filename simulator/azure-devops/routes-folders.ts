import { type ApiResponse, errorResponse, listOf, noContent, ok } from "../http/response.ts";
import { invalidArgument } from "./error-responses.ts";
import { identityRef, projectRef } from "./links.ts";
import { type ApiRequest, getProperty, parseBody, stringFrom } from "./request.ts";
import { route } from "./router.ts";

const preview = { previewOnly: true };

export const folderRoutes = [
  route("GET", "build/folders", (request) => listOf(listFolders(request)), preview),
  route("GET", "build/folders/{*path}", (request) => listOf(listFolders(request)), preview),
  // The path of a write is in the query.
  route("PUT", "build/folders", createFolder, preview),
  route("POST", "build/folders", updateFolder, preview),
  route("DELETE", "build/folders", deleteFolder, preview),
];

/** The folders of the definitions, those that were created, and the ones above them, below the one that is asked for. */
function listFolders(request: ApiRequest) {
  const parent = normalizedFolder(request.params["path"] ?? "");
  return folderPaths(request)
    .filter((path) => parent === "\\" || path === parent || path.startsWith(`${parent}\\`))
    .map((path) => folderJson(path, request));
}

function folderPaths({ state }: ApiRequest): string[] {
  const used = [...state.pipelines.values()].map(({ folder = "\\" }) => folder);
  const paths = [...used, ...state.data.folders.keys()].flatMap((folder) => {
    const names = folder.split("\\").filter((name) => name !== "");
    return Array.from({ length: names.length + 1 }, (_, depth) => `\\${names.slice(0, depth).join("\\")}`);
  });
  return [...new Set(paths)].sort();
}

function folderJson(path: string, request: ApiRequest) {
  const stored = request.state.data.folders.get(path);
  return {
    path,
    ...(stored?.description && { description: stored.description }),
    createdOn: stored?.createdOn ?? "2024-01-07T04:49:37.713Z",
    createdBy: identityRef(request.caller, request),
    project: projectRef(request),
  };
}

function createFolder(request: ApiRequest): ApiResponse {
  const path = normalizedFolder(request.query.get("path") ?? "");
  if (path === "\\") return invalidArgument("A value is required for the query parameter 'path'.");
  if (folderPaths(request).includes(path)) {
    return errorResponse({
      status: 409,
      typeKey: "FolderExistsException",
      message: `A folder with the path ${path} already exists.`,
    });
  }
  storeFolder(path, request);
  return ok(folderJson(path, request));
}

/** Moves the folder when the body has another path. */
function updateFolder(request: ApiRequest): ApiResponse {
  const { state } = request;
  const path = normalizedFolder(request.query.get("path") ?? "");
  if (!folderPaths(request).includes(path)) return folderNotFound(path);
  const moved = normalizedFolder(stringFrom(getProperty(parseBody(request), "path")) ?? path);
  if (moved !== path) {
    for (const spec of state.pipelines.values()) {
      if (isBelow(spec.folder ?? "\\", path))
        state.movePipeline(spec, moved + (spec.folder ?? "").slice(path.length));
    }
    state.data.folders.delete(path);
  }
  storeFolder(moved, request);
  return ok(folderJson(moved, request));
}

/** With the definitions in it. */
function deleteFolder(request: ApiRequest): ApiResponse {
  const { state } = request;
  const path = normalizedFolder(request.query.get("path") ?? "");
  if (path === "\\" || !folderPaths(request).includes(path)) return folderNotFound(path);
  for (const { id, folder = "\\" } of [...state.pipelines.values()]) {
    if (isBelow(folder, path)) state.deletePipeline(id);
  }
  for (const stored of [...state.data.folders.keys()]) {
    if (isBelow(stored, path)) state.data.folders.delete(stored);
  }
  return noContent;
}

function storeFolder(path: string, request: ApiRequest): void {
  request.state.data.folders.set(path, {
    path,
    description: stringFrom(getProperty(parseBody(request), "description")) ?? "",
    createdOn: new Date(request.state.clock.now()).toISOString(),
  });
}

function isBelow(folder: string, path: string): boolean {
  return folder === path || folder.startsWith(`${path}\\`);
}

function folderNotFound(path: string): ApiResponse {
  return errorResponse({
    status: 404,
    typeKey: "FolderNotFoundException",
    message: `The folder ${path} could not be found.`,
  });
}

export function normalizedFolder(path: string): string {
  return `\\${path.replaceAll("/", "\\").replace(/^\\+|\\+$/g, "")}`;
}
