import type { ServerResponse } from "node:http";
import type { FaultKind } from "../options.ts";
import type { ApiResponse } from "./response.ts";
import { type SerializedResponse, writeResponse } from "./write-response.ts";

/** Acts a fault out. */
export function applyFault(
  fault: FaultKind,
  outgoing: ServerResponse,
  handle: () => SerializedResponse,
  serialize: (response: ApiResponse) => SerializedResponse,
): void {
  const normalResponse = handleDespiteFault(fault, handle);
  switch (fault.kind) {
    case "reset-before":
    case "reset-after":
      outgoing.socket?.resetAndDestroy();
      break;
    case "stall":
      break;
    case "status":
      writeResponse(serialize(statusResponse(fault)), outgoing);
      break;
    case "garbage":
      writeResponse(
        serialize({
          status: 200,
          type: "application/json; charset=utf-8",
          body: '{"count":1,"value":[{"id":',
        }),
        outgoing,
      );
      break;
    case "html":
      writeResponse(
        serialize({ status: fault.status, type: "text/html; charset=utf-8", body: serviceUnavailablePage }),
        outgoing,
      );
      break;
    default:
      if (normalResponse !== undefined) writeFaultyResponse(fault, normalResponse, outgoing);
  }
}

/** The normal answer, where the request is handled in spite of all: a run is then really started. */
function handleDespiteFault(
  fault: FaultKind,
  handle: () => SerializedResponse,
): SerializedResponse | undefined {
  switch (fault.kind) {
    case "reset-before":
    case "garbage":
    case "html":
      return undefined;
    case "stall":
    case "status":
      return fault.handled === true ? handle() : undefined;
    default:
      return handle();
  }
}

/** The normal answer, in an abnormal way. */
function writeFaultyResponse(fault: FaultKind, response: SerializedResponse, outgoing: ServerResponse): void {
  if (fault.kind === "stall-body") writeResponse(response, outgoing, "stall");
  if (fault.kind === "cut-body") writeResponse(response, outgoing, "cut");
  if (fault.kind === "headers") writeResponse(withHeaders(response, fault.headers), outgoing);
  if (fault.kind === "late") setTimeout(() => writeResponse(response, outgoing), fault.ms).unref();
}

const serviceUnavailablePage = "<html><body>The service is unavailable.</body></html>";

function withHeaders(
  response: SerializedResponse,
  headers: Readonly<Record<string, string>>,
): SerializedResponse {
  return { ...response, headers: { ...response.headers, ...lowerCased(headers) } };
}

function statusResponse({ status, body, headers }: Extract<FaultKind, { kind: "status" }>): ApiResponse {
  const isText = typeof body === "string";
  const type =
    lowerCased(headers ?? {})["content-type"] ??
    (isText ? "text/plain; charset=utf-8" : "application/json; charset=utf-8");
  return {
    status,
    ...(headers !== undefined && { headers: lowerCased(headers) }),
    ...(body === undefined ? { body: "" } : isText ? { type, body } : { type, json: body }),
  };
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
