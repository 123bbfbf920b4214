import { toIsoWithTicks } from "../engine/dates.ts";
import type { Run } from "../engine/run.ts";
import type { SimulatorState } from "../engine/state.ts";
import { type ApiResponse, errorResponse, listOf, ok } from "../http/response.ts";
import type { IncomingRequest } from "../http/server.ts";
import type { ArtifactSpec } from "../spec.ts";
import {
  artifactFromToken,
  artifactJson,
  artifactZip,
  findArtifact,
  publishedArtifacts,
  signatureOf,
  signedUrl,
} from "./artifact-content.ts";
import { invalidArgument, routeNotFound } from "./error-responses.ts";
import type { ApiRequest } from "./request.ts";
import { route } from "./router.ts";
import { withBuild } from "./routes-builds.ts";
import { withRun } from "./routes-runs.ts";

export const artifactRoutes = [
  route("GET", "build/builds/{id}/artifacts", (request) =>
    withBuild(request, (run) => listOrReadArtifacts(run, request)),
  ),
  route("GET", "pipelines/{id}/runs/{runId}/artifacts", (request) =>
    withRun(request, (run) => runArtifact(run, request)),
  ),
  route("GET", "artifact/{token}/content", redirectToBlob),
];

function listOrReadArtifacts(run: Run, request: ApiRequest): ApiResponse {
  const name = request.query.get("artifactName");
  if (name === undefined)
    return listOf(publishedArtifacts(run).map((one) => artifactJson(run, one, request)));
  const artifact = findArtifact(run, name);
  if (artifact === undefined) return artifactNotFound(run, name);
  const asZip =
    request.query.get("$format")?.toLowerCase() === "zip" || request.accept.includes("application/zip");
  return asZip ? download(artifact) : ok(artifactJson(run, artifact, request));
}

/** The name is required here: there is no list. */
function runArtifact(run: Run, request: ApiRequest): ApiResponse {
  const name = request.query.get("artifactName");
  if (name === undefined)
    return invalidArgument("A value is required for the query parameter 'artifactName'.");
  const artifact = findArtifact(run, name);
  if (artifact === undefined) return artifactNotFound(run, name);
  const base = `${request.projectUrl}/_apis/pipelines/${run.spec.id}/runs/${run.id}/artifacts`;
  const expires = toIsoWithTicks(request.state.clock.now() + 3_600_000);
  const isSigned = request.query.get("$expand")?.toLowerCase() === "signedcontent";
  return ok({
    ...(isSigned && { signedContent: { url: signedUrl(run, artifact, request), signatureExpires: expires } }),
    url: `${base}?artifactName=${encodeURIComponent(artifact.name)}`,
    name: artifact.name,
  });
}

/** The host of the artifacts sends on to one that is nobody's business. */
function redirectToBlob(request: ApiRequest): ApiResponse {
  const found = artifactFromToken(request.state, request.params["token"] ?? "");
  if (found === undefined) return routeNotFound(request.pathname);
  return { status: 302, headers: { location: signedUrl(found.run, found.artifact, request) }, body: "" };
}

/** What the host of strangers answers: it wants a signature, and refuses to be shown a credential. */
export function signedContent(request: IncomingRequest, state: SimulatorState): ApiResponse {
  const { url, headers } = request;
  const token = /^\/signed\/([^/]+)$/.exec(url.pathname)?.[1];
  const found = token === undefined ? undefined : artifactFromToken(state, token);
  if (found === undefined || token === undefined) return storageError(404, "BlobNotFound");
  if (headers["authorization"] !== undefined) return storageError(400, "InvalidAuthenticationInfo");
  if (url.searchParams.get("sig") !== signatureOf(token)) return storageError(403, "AuthenticationFailed");
  return download(found.artifact);
}

function storageError(status: number, code: string): ApiResponse {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  return { status, type: "application/xml", headers: { "x-ms-error-code": code }, body };
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

function artifactNotFound(run: Run, name: string): ApiResponse {
  return errorResponse({
    status: 404,
    typeKey: "ArtifactNotFoundException",
    message: `Artifact ${name} was not found for build ${run.id}.`,
  });
}
