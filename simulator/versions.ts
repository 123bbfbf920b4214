import { type Answer, problem } from "./answer.ts";
import { type Call, type Query, queryOf } from "./call.ts";
import type { Quirks } from "./options.ts";

const latestVersion = "7.2";
const released = "7.1";

/** The version that was asked for, in the query or in the Accept header. */
function askedVersion(query: Query, accept: string): string | undefined {
  return query.one("api-version") ?? /api-version=([\w.-]+)/i.exec(accept)?.[1];
}

/** Refuses a version that this server, or this resource, does not speak. */
export function checkVersion(call: Call, previewOnly: boolean): Answer | undefined {
  const asked = askedVersion(call.query, call.accept);
  if (asked === undefined)
    return call.method === "GET" || call.method === "OPTIONS" ? undefined : notSpecified(call);
  const match = /^(\d+\.\d+)(-preview(\.\d+)?)?$/.exec(asked);
  if (match?.[1] === undefined)
    return refusal(
      "VssVersionNotSupportedException",
      `The requested REST API version of ${asked} is not valid.`,
    );
  const max = call.world.quirks.maxApiVersion ?? latestVersion;
  if (Number(match[1]) > Number(max)) {
    return refusal(
      "VssVersionOutOfRangeException",
      `The requested REST API version of ${asked} is out of range for this server. The latest REST API version this server supports is ${max}.`,
    );
  }
  // 7.2 itself is not released yet: everything in it is a preview.
  const needsPreview = previewOnly || Number(match[1]) > Number(released);
  if (!needsPreview || match[2] !== undefined) return undefined;
  return refusal(
    "VssInvalidPreviewVersionException",
    `The requested version "${asked}" of the resource is under preview. The -preview flag must be supplied in the api-version for such requests. For example: "${asked}-preview"`,
  );
}

/** What a good answer says in its content type. */
export function answeredVersion(accept: string, search: URLSearchParams, quirks: Quirks): string {
  return askedVersion(queryOf(search), accept) ?? quirks.maxApiVersion ?? released;
}

function notSpecified(call: Call): Answer {
  return refusal(
    "VssVersionNotSpecifiedException",
    `No api-version was supplied for the "${call.method}" request. The version must be supplied either as part of the Accept header (e.g. "application/json; api-version=1.0") or as a query parameter (e.g. "?api-version=1.0").`,
  );
}

function refusal(typeKey: string, message: string): Answer {
  return problem({ status: 400, typeKey, message, namespace: "Microsoft.VisualStudio.Services.WebApi" });
}
