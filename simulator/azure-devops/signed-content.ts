import { createHash } from "node:crypto";
import { toIsoWithTicks } from "../engine/dates.ts";
import type { SimulatorState } from "../engine/state.ts";
import type { ApiResponse } from "../http/response.ts";
import type { IncomingRequest } from "../http/server.ts";
import { artifactFromToken, artifactZip } from "./artifact-content.ts";
import { enumName } from "./enums.ts";
import { logFromToken, logLines } from "./log-content.ts";
import type { ApiRequest } from "./request.ts";

/** An address that needs no credential, and accepts none. */
export function signedUrl(token: string, request: ApiRequest): string {
  return `${request.blobOrigin}/signed/${token}?sv=2024-05-04&sp=r&sig=${signatureOf(token)}`;
}

/** What `$expand=signedContent` adds to an artifact or a log. */
export function signedContentOf(token: string, request: ApiRequest) {
  const isWanted = enumName("signedContent", request.query.get("$expand")) === "signedContent";
  if (!isWanted) return {};
  const signatureExpires = toIsoWithTicks(request.state.clock.now() + 3_600_000);
  return { signedContent: { url: signedUrl(token, request), signatureExpires } };
}

/** The other host asks for a signature, and refuses a credential. */
export function handleSignedRequest(request: IncomingRequest, state: SimulatorState): ApiResponse {
  const { url, headers } = request;
  const token = /^\/signed\/([^/]+)$/.exec(url.pathname)?.[1] ?? "";
  const content = contentOf(token, state);
  if (content === undefined) return storageError(404, "BlobNotFound");
  if (headers["authorization"] !== undefined) return storageError(400, "InvalidAuthenticationInfo");
  if (url.searchParams.get("sig") !== signatureOf(token)) return storageError(403, "AuthenticationFailed");
  return content;
}

function contentOf(token: string, state: SimulatorState): ApiResponse | undefined {
  const artifact = artifactFromToken(state, token)?.artifact;
  if (artifact !== undefined) return { status: 200, type: "application/zip", body: artifactZip(artifact) };
  const found = logFromToken(state, token);
  if (found === undefined) return undefined;
  return { status: 200, type: "text/plain; charset=utf-8", body: logLines(found.log, found.run) };
}

function signatureOf(token: string): string {
  return createHash("sha256").update(`signed ${token}`).digest("base64url");
}

function storageError(status: number, code: string): ApiResponse {
  const body = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  return { status, type: "application/xml", headers: { "x-ms-error-code": code }, body };
}
