import { STATUS_CODES } from "node:http";
import type { FaultKind } from "../options.ts";
import type { SerializedResponse } from "./write-response.ts";

const html = "text/html; charset=utf-8";

const text = "text/plain; charset=utf-8";

interface Page {
  readonly type: string;
  readonly body: string;
}

/** What a front door, a load balancer or a proxy answers on its own: no envelope and no header of the service. */
export function gatewayPage(fault: Extract<FaultKind, { kind: "gateway" }>): SerializedResponse {
  const page = usualPage(fault.status);
  return {
    status: fault.status,
    headers: { server: "gateway", "content-type": fault.type ?? page.type, ...fault.headers },
    body: fault.body ?? page.body,
  };
}

function usualPage(status: number): Page {
  const reason = STATUS_CODES[status] ?? "Error";
  if (status === 403) {
    const refs = "Ref A: 0D1F2A Ref B: SIM01EDGE0001 Ref C: 2026-11-28T00:00:00Z";
    return { type: html, body: `<html><body><h2>The request is blocked.</h2>${refs}</body></html>` };
  }
  if (status === 404) return { type: text, body: "no healthy upstream" };
  if (status === 503)
    return { type: text, body: "upstream connect error or disconnect/reset before headers" };
  return {
    type: html,
    body: `<html><head><title>${status} ${reason}</title></head><body><h1>${status} ${reason}</h1></body></html>`,
  };
}
