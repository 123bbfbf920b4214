import { type ApiResponse, errorResponse } from "../http/response.ts";
import type { Quirks } from "../options.ts";
import type { ApiRequest, Query } from "./request.ts";
import type { Route } from "./router.ts";

export const latestVersion = "7.2";

const releasedVersion = "7.1";

/** In which version a resource was released. All others: in the first. */
const releases: Readonly<Record<string, string>> = { pipelines: "7.0", approvals: "7.1", stages: "7.0" };

/** Whether the resources of these names are released on a server of that version, no longer a preview. */
export function isReleased(names: readonly string[], serverVersion: string): boolean {
  return names.every((name) => Number(releases[name] ?? "1.0") <= Number(serverVersion));
}

/** The version that was asked for, in the query or in the Accept header. */
export function requestedVersion(query: Query, accept: string): string | undefined {
  return query.get("api-version") ?? /api-version=([\w.-]+)/i.exec(accept)?.[1];
}

/** Refuses a version that this server, or this resource, does not support. */
export function checkVersion(
  request: ApiRequest,
  { previewOnly, segments }: Pick<Route, "previewOnly" | "segments">,
): ApiResponse | undefined {
  const requested = requestedVersion(request.query, request.accept);
  if (requested === undefined)
    return request.method === "GET" || request.method === "OPTIONS"
      ? undefined
      : versionNotSpecified(request);
  const match = /^(\d+\.\d+)(-preview(\.\d+)?)?$/.exec(requested);
  if (match?.[1] === undefined)
    return versionError(
      "VssVersionNotSupportedException",
      `The requested REST API version of ${requested} is not valid.`,
    );
  const max = request.state.quirks.maxApiVersion ?? latestVersion;
  if (Number(match[1]) > Number(max)) {
    return versionError(
      "VssVersionOutOfRangeException",
      `The requested REST API version of ${requested} is out of range for this server. The latest REST API version this server supports is ${max}.`,
    );
  }
  // 7.2 itself is not released yet: everything in it is a preview.
  const needsPreview =
    previewOnly || !isReleased(segments, max) || Number(match[1]) > Number(releasedVersion);
  if (!needsPreview || match[2] !== undefined) return undefined;
  return versionError(
    "VssInvalidPreviewVersionException",
    `The requested version "${requested}" of the resource is under preview. The -preview flag must be supplied in the api-version for such requests. For example: "${requested}-preview"`,
  );
}

/** The content type of a successful response, which has the version. */
export function jsonContentType(accept: string, query: Query, { maxApiVersion }: Quirks): string {
  const version = requestedVersion(query, accept) ?? maxApiVersion ?? releasedVersion;
  return `application/json; charset=utf-8; api-version=${version}`;
}

function versionNotSpecified(request: ApiRequest): ApiResponse {
  return versionError(
    "VssVersionNotSpecifiedException",
    `No api-version was supplied for the "${request.method}" request. The version must be supplied either as part of the Accept header (e.g. "application/json; api-version=1.0") or as a query parameter (e.g. "?api-version=1.0").`,
  );
}

function versionError(typeKey: string, message: string): ApiResponse {
  return errorResponse({
    status: 400,
    typeKey,
    message,
    namespace: "Microsoft.VisualStudio.Services.WebApi",
  });
}
