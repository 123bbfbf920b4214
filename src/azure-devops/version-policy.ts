import { ActionError } from "../errors.ts";
import { ApiError, type ApiRequest, type Policy } from "./api-request.ts";

/**
 * An older server rejects 7.1 and names its own maximum version, which all later requests use. Resources that are in preview
 * on that server need a preview version.
 */
export function versionPolicy(apiVersion: string): Policy {
  let maxVersion: string | undefined;
  const clampVersion = (version: string): string =>
    maxVersion !== undefined && Number.parseFloat(version) > Number(maxVersion) ? maxVersion : version;
  const versionFor = ({ version, minVersion }: ApiRequest): string => {
    if (minVersion !== undefined)
      return Number.parseFloat(apiVersion) < Number.parseFloat(minVersion) ? minVersion : apiVersion;
    return version === undefined ? clampVersion(apiVersion) : version.replace(/^\d+\.\d+/, clampVersion);
  };
  return (send) =>
    async <T>(request: ApiRequest<T>) => {
      for (let version = versionFor(request); ; ) {
        try {
          return await send({ ...request, version });
        } catch (error) {
          maxVersion = maxSupportedVersion(error) ?? maxVersion;
          const next = requiresPreview(error, version) ? `${version}-preview` : versionFor(request);
          if (next === version || Number.parseFloat(next) > Number.parseFloat(version))
            throw minVersionError(error, request);
          version = next;
        }
      }
    };
}

/** An older server may support neither the version nor the URL. */
function minVersionError(error: unknown, { operation, minVersion }: ApiRequest): unknown {
  if (minVersion === undefined || maxSupportedVersion(error) === undefined) return error;
  return new ActionError(
    "rejected",
    `${operation} needs version ${minVersion} of the REST API. ${error instanceof Error ? error.message : ""}`,
    { cause: error },
  );
}

/** `The requested version "6.0" of the resource is under preview. The -preview flag must be supplied …` */
function requiresPreview(error: unknown, version: string): boolean {
  return matchesApiError(error, /^VssInvalidPreviewVersion/, /-preview flag\b/) && !version.includes("-");
}

/** `… is out of range for this server. The latest REST API version this server supports is 7.0.` The lesser is the server's. */
function maxSupportedVersion(error: unknown): string | undefined {
  if (!matchesApiError(error, /^VssVersionOutOfRange/, /\bREST API\b.*\bout of range\b/)) return undefined;
  const versions = [...error.message.matchAll(/\d+\.\d+/g)].map(([version]) => version);
  return versions.sort((a, b) => Number(a) - Number(b))[0];
}

/** Recognised by its key in any language, or by its message if a gateway removed the key. */
function matchesApiError(error: unknown, typeKeyPattern: RegExp, messagePattern: RegExp): error is ApiError {
  return (
    error instanceof ApiError && (typeKeyPattern.test(error.typeKey) || messagePattern.test(error.message))
  );
}
