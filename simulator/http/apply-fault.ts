import { type ServerResponse, STATUS_CODES } from "node:http";
import type { FaultKind } from "../options.ts";
import { gatewayPage } from "./gateway-page.ts";
import type { ApiResponse } from "./response.ts";
import { type SerializedResponse, writeResponse } from "./write-response.ts";

/** Answers a request with a fault. */
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
    case "gateway":
      writeResponse(gatewayPage(fault), outgoing);
      break;
    case "interim":
      writeInterim(fault, outgoing, normalResponse);
      break;
    case "raw":
      writeRaw(fault.text, outgoing, fault.open === true);
      break;
    default:
      if (normalResponse !== undefined) writeFaultyResponse(fault, normalResponse, outgoing);
  }
}

/** The normal response, for faults that let the request through: a run is then really started. */
function handleDespiteFault(
  fault: FaultKind,
  handle: () => SerializedResponse,
): SerializedResponse | undefined {
  switch (fault.kind) {
    case "reset-before":
    case "garbage":
    case "html":
    case "raw":
      return undefined;
    case "stall":
    case "status":
    case "gateway":
      return fault.handled === true ? handle() : undefined;
    default:
      return handle();
  }
}

/** Writes the normal response incompletely or with a delay. */
function writeFaultyResponse(fault: FaultKind, response: SerializedResponse, outgoing: ServerResponse): void {
  if (fault.kind === "stall-body") writeResponse(response, outgoing, "stall");
  if (fault.kind === "cut-body") writeResponse(response, outgoing, "cut");
  if (fault.kind === "headers") writeResponse(withHeaders(response, fault.headers), outgoing);
  if (fault.kind === "wrong-clock") {
    const date = Date.parse(response.headers["date"] ?? "") + fault.seconds * 1_000;
    writeResponse(withHeaders(response, { date: new Date(date).toUTCString() }), outgoing);
  }
  if (fault.kind === "late") setTimeout(() => writeResponse(response, outgoing), fault.ms).unref();
}

/** 101 leaves the connection open without a response: what followed would be another protocol. */
function writeInterim(
  { status, headers = {}, alone = false }: Extract<FaultKind, { kind: "interim" }>,
  outgoing: ServerResponse,
  normalResponse: SerializedResponse | undefined,
): void {
  const upgrade = status === 101 ? { connection: "Upgrade", upgrade: "websocket" } : {};
  const lines = Object.entries({ ...upgrade, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  writeRaw(
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Interim"}\r\n${lines.join("")}\r\n`,
    outgoing,
    true,
  );
  if (status !== 101 && !alone && normalResponse !== undefined) {
    writeResponse(normalResponse, outgoing);
  }
}

function writeRaw(text: string, outgoing: ServerResponse, staysOpen: boolean): void {
  const { socket } = outgoing;
  socket?.write(text, () => {
    if (!staysOpen) socket.destroy();
  });
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
