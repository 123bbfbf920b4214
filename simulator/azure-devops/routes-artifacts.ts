import { shaFrom } from "../engine/ids.ts";
import type { Run } from "../engine/run.ts";
import { equalsIgnoreCase } from "../engine/schedule-run.ts";
import { type ApiResponse, errorResponse, listOf, ok } from "../http/response.ts";
import type { ArtifactSpec } from "../spec.ts";
import {
  artifactFromToken,
  artifactJson,
  artifactToken,
  artifactZip,
  findArtifact,
  publishedArtifacts,
} from "./artifact-content.ts";
import { invalidArgument, routeNotFound } from "./error-responses.ts";
import { type ApiRequest, getProperty, objectFrom, parseBody, stringFrom } from "./request.ts";
import { route } from "./router.ts";
import { withBuild } from "./routes-builds.ts";
import { withRun } from "./routes-runs.ts";
import { signedContentOf, signedUrl } from "./signed-content.ts";

export const artifactRoutes = [
  route("GET", "build/builds/{id}/artifacts", (request) =>
    withBuild(request, (run) => listOrReadArtifacts(run, request)),
  ),
  route("POST", "build/builds/{id}/artifacts", (request) =>
    withBuild(request, (run) => createArtifact(run, request)),
  ),
  route("GET", "pipelines/{id}/runs/{runId}/artifacts", (request) =>
    withRun(request, (run) => runArtifact(run, request)),
  ),
  route("GET", "artifact/{token}/content", redirectToBlob),
];

function listOrReadArtifacts(run: Run, request: ApiRequest): ApiResponse {
  const name = request.query.get("artifactName");
  if (name === undefined) {
    const published = publishedArtifacts(run).map((one) => artifactJson(run, one, request));
    return listOf([...published, ...run.createdArtifacts]);
  }
  const created = run.createdArtifacts.find((one) => equalsIgnoreCase(one.name, name));
  if (created !== undefined) return ok(created);
  const artifact = findArtifact(run, name);
  if (artifact === undefined) return artifactNotFound(run, name);
  const fileName = request.query.get("fileName");
  if (fileName !== undefined) return downloadFile(run, artifact, fileName, request);
  const asZip =
    request.query.get("$format")?.toLowerCase() === "zip" || request.accept.includes("application/zip");
  return asZip ? download(artifact) : ok(artifactJson(run, artifact, request));
}

/** Associates an artifact with the build, as an agent does; its content is not stored here. */
function createArtifact(run: Run, request: ApiRequest): ApiResponse {
  const body = parseBody(request);
  const name = stringFrom(getProperty(body, "name"));
  if (name === undefined) return invalidArgument("A value is required for the property 'name'.");
  const isKnown = [...publishedArtifacts(run), ...run.createdArtifacts].some((one) =>
    equalsIgnoreCase(one.name, name),
  );
  if (isKnown) {
    return errorResponse({
      status: 409,
      typeKey: "ArtifactExistsException",
      message: `Artifact ${name} already exists for build ${run.id}.`,
    });
  }
  const url = `${request.projectUrl}/_apis/build/builds/${run.id}/artifacts?artifactName=${encodeURIComponent(name)}`;
  const resource = objectFrom(getProperty(body, "resource")) ?? {};
  const artifact = {
    source: "",
    ...body,
    id: (run.spec.artifacts?.length ?? 0) + run.createdArtifacts.length + run.id * 10,
    name,
    resource: { properties: {}, url: `${url}&api-version=7.1`, ...resource },
  };
  run.createdArtifacts.push(artifact);
  return ok(artifact);
}

/** The name is required here: there is no list. */
function runArtifact(run: Run, request: ApiRequest): ApiResponse {
  const name = request.query.get("artifactName");
  if (name === undefined)
    return invalidArgument("A value is required for the query parameter 'artifactName'.");
  const artifact = findArtifact(run, name);
  if (artifact === undefined) return artifactNotFound(run, name);
  const base = `${request.projectUrl}/_apis/pipelines/${run.spec.id}/runs/${run.id}/artifacts`;
  return ok({
    ...signedContentOf(artifactToken(run, artifact), request),
    url: `${base}?artifactName=${encodeURIComponent(artifact.name)}`,
    name: artifact.name,
  });
}

/** The host of the artifacts redirects to one that takes no credential. */
function redirectToBlob(request: ApiRequest): ApiResponse {
  const token = request.params["token"] ?? "";
  if (artifactFromToken(request.state, token) === undefined) return routeNotFound(request.pathname);
  return { status: 302, headers: { location: signedUrl(token, request) }, body: "" };
}

function download(artifact: ArtifactSpec): ApiResponse {
  const name = encodeURIComponent(`${artifact.name}.zip`);
  return {
    status: 200,
    type: "application/zip",
    headers: { "content-disposition": `attachment; filename=artifact.zip; filename*=UTF-8''${name}` },
    body: artifactZip(artifact),
  };
}

/**
 * With the artifact's own id a manifest of its files, with a file's id the file. Clients pass the name of the file
 * along with both.
 */
function downloadFile(run: Run, artifact: ArtifactSpec, fileName: string, request: ApiRequest): ApiResponse {
  const fileId = request.query.get("fileId") ?? "";
  const files = Object.entries(artifact.files).map(([path, content]) => ({
    path: `/${path}`,
    blob: {
      id: shaFrom(`${run.id} ${artifact.name} ${path}`).toUpperCase(),
      size: Buffer.from(content).byteLength,
    },
    content,
  }));
  const file = files.find(({ path, blob }) => blob.id === fileId || path.slice(1) === fileId);
  if (file === undefined) {
    if (fileId !== artifactJson(run, artifact, request).resource.data) return artifactNotFound(run, fileId);
    const items = files.map(({ path, blob }) => ({ path, blob }));
    return { status: 200, type: octets, body: JSON.stringify({ manifestFormat: "V1", items }) };
  }
  const name = encodeURIComponent(fileName);
  const disposition = { "content-disposition": `attachment; filename*=UTF-8''${name}` };
  return { status: 200, type: octets, headers: disposition, body: file.content };
}

const octets = "application/octet-stream";

function artifactNotFound(run: Run, name: string): ApiResponse {
  return errorResponse({
    status: 404,
    typeKey: "ArtifactNotFoundException",
    message: `Artifact ${name} was not found for build ${run.id}.`,
  });
}
