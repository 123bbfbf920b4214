import type { SimulatorState } from "../engine/state.ts";
import type { ApiResponse } from "../http/response.ts";
import type { IncomingRequest } from "../http/server.ts";
import type { SerializedResponse } from "../http/write-response.ts";
import { standardHeaders } from "./headers.ts";
import { parseQuery } from "./request.ts";
import { jsonContentType } from "./versions.ts";

const bom = "\uFEFF";

/** A response with the headers of Azure DevOps. */
export function withResponseHeaders(
  response: ApiResponse,
  request: IncomingRequest,
  state: SimulatorState,
): SerializedResponse {
  const { quirks, clock } = state;
  const { headers, url } = request;
  const contentType = jsonContentType(headers["accept"] ?? "", parseQuery(url.searchParams), quirks);
  const { status, headers: responseHeaders, body } = serializeResponse(response);
  const isJson = response.json !== undefined;
  return {
    status,
    headers: {
      ...standardHeaders(headers, response.caller, clock.now()),
      ...(isJson && { "content-type": contentType }),
      ...responseHeaders,
    },
    body: isJson && quirks.bom === true && typeof body === "string" ? `${bom}${body}` : body,
  };
}

/** A response without the headers of Azure DevOps. */
export function serializeResponse({ status, headers, type, json, body }: ApiResponse): SerializedResponse {
  return {
    status,
    headers: { ...(type !== undefined && { "content-type": type }), ...headers },
    body: json === undefined ? (body ?? "") : JSON.stringify(json),
  };
}
