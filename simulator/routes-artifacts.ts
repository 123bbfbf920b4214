import { type Answer, listOf, ok, problem } from "./answer.ts";
import {
  artifactAnswer,
  artifactOfToken,
  artifactZip,
  findArtifact,
  publishedArtifacts,
  signatureOf,
  signedUrl,
} from "./artifacts.ts";
import type { Call } from "./call.ts";
import { wireDate } from "./moments.ts";
import { badArgument, routeUnknown } from "./problems.ts";
import { route } from "./router.ts";
import { withBuild } from "./routes-builds.ts";
import { withRun } from "./routes-runs.ts";
import type { Run } from "./run.ts";
import type { Arrival } from "./server.ts";
import type { ArtifactSpec } from "./spec.ts";
import type { World } from "./world.ts";

export const artifactRoutes = [
  route("GET", "build/builds/{id}/artifacts", (call) => withBuild(call, (run) => artifacts(run, call))),
  route("GET", "pipelines/{id}/runs/{runId}/artifacts", (call) =>
    withRun(call, (run) => runArtifact(run, call)),
  ),
  route("GET", "artifact/{token}/content", content),
];

function artifacts(run: Run, call: Call): Answer {
  const name = call.query.one("artifactName");
  if (name === undefined) return listOf(publishedArtifacts(run).map((one) => artifactAnswer(run, one, call)));
  const artifact = findArtifact(run, name);
  if (artifact === undefined) return unknownArtifact(run, name);
  const asZip = call.query.one("$format")?.toLowerCase() === "zip" || call.accept.includes("application/zip");
  return asZip ? download(artifact) : ok(artifactAnswer(run, artifact, call));
}

/** The name is required here: there is no list. */
function runArtifact(run: Run, call: Call): Answer {
  const name = call.query.one("artifactName");
  if (name === undefined) return badArgument("A value is required for the query parameter 'artifactName'.");
  const artifact = findArtifact(run, name);
  if (artifact === undefined) return unknownArtifact(run, name);
  const base = `${call.home}/_apis/pipelines/${run.spec.id}/runs/${run.id}/artifacts`;
  const expires = wireDate(call.world.clock.now() + 3_600_000);
  const isSigned = call.query.one("$expand")?.toLowerCase() === "signedcontent";
  return ok({
    ...(isSigned && { signedContent: { url: signedUrl(run, artifact, call), signatureExpires: expires } }),
    url: `${base}?artifactName=${encodeURIComponent(artifact.name)}`,
    name: artifact.name,
  });
}

/** The host of the artifacts sends on to one that is nobody's business. */
function content(call: Call): Answer {
  const found = artifactOfToken(call.world, call.params["token"] ?? "");
  if (found === undefined) return routeUnknown(call.pathname);
  return { status: 302, headers: { location: signedUrl(found.run, found.artifact, call) }, body: "" };
}

/** What the host of strangers answers: it wants a signature, and refuses to be shown a credential. */
export function signedContent(arrival: Arrival, world: World): Answer {
  const { url, headers } = arrival;
  const token = /^\/signed\/([^/]+)$/.exec(url.pathname)?.[1];
  const found = token === undefined ? undefined : artifactOfToken(world, token);
  if (found === undefined || token === undefined) return storageError(404, "BlobNotFound");
  if (headers["authorization"] !== undefined) return storageError(400, "InvalidAuthenticationInfo");
  if (url.searchParams.get("sig") !== signatureOf(token)) return storageError(403, "AuthenticationFailed");
  return download(found.artifact);
}

function storageError(status: number, code: string): Answer {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  return { status, type: "application/xml", headers: { "x-ms-error-code": code }, body };
}

function download(artifact: ArtifactSpec): Answer {
  const name = encodeURIComponent(`${artifact.name}.zip`);
  return {
    status: 200,
    type: "application/zip",
    headers: { "content-disposition": `attachment; filename=artifact.zip; filename*=UTF-8''${name}` },
    body: artifactZip(artifact),
  };
}

function unknownArtifact(run: Run, name: string): Answer {
  return problem({
    status: 404,
    typeKey: "ArtifactNotFoundException",
    message: `Artifact ${name} was not found for build ${run.id}.`,
  });
}
