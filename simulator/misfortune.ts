import type { ServerResponse } from "node:http";
import type { Answer } from "./answer.ts";
import { type Delivery, deliver } from "./delivery.ts";
import type { FaultKind } from "./options.ts";

/** Acts a fault out. */
export function befall(
  fault: FaultKind,
  response: ServerResponse,
  handle: () => Delivery,
  finish: (answer: Answer) => Delivery,
): void {
  const kept = handledBy(fault, handle);
  switch (fault.kind) {
    case "reset-before":
    case "reset-after":
      response.socket?.resetAndDestroy();
      break;
    case "stall":
      break;
    case "status":
      deliver(finish(statusAnswer(fault)), response);
      break;
    case "garbage":
      deliver(
        finish({ status: 200, type: "application/json; charset=utf-8", body: '{"count":1,"value":[{"id":' }),
        response,
      );
      break;
    case "html":
      deliver(
        finish({ status: fault.status, type: "text/html; charset=utf-8", body: unavailable }),
        response,
      );
      break;
    default:
      if (kept !== undefined) deliverLater(fault, kept, response);
  }
}

/** The normal answer, where the request is handled in spite of all: a run is then really started. */
function handledBy(fault: FaultKind, handle: () => Delivery): Delivery | undefined {
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
function deliverLater(fault: FaultKind, delivery: Delivery, response: ServerResponse): void {
  if (fault.kind === "stall-body") deliver(delivery, response, "stall");
  if (fault.kind === "cut-body") deliver(delivery, response, "cut");
  if (fault.kind === "headers") deliver(withHeaders(delivery, fault.headers), response);
  if (fault.kind === "late") setTimeout(() => deliver(delivery, response), fault.ms).unref();
}

const unavailable = "<html><body>The service is unavailable.</body></html>";

function withHeaders(delivery: Delivery, headers: Readonly<Record<string, string>>): Delivery {
  return { ...delivery, headers: { ...delivery.headers, ...lowerCased(headers) } };
}

function statusAnswer({ status, body, headers }: Extract<FaultKind, { kind: "status" }>): Answer {
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
