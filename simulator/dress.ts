import type { Answer } from "./answer.ts";
import type { Delivery } from "./delivery.ts";
import { usualHeaders } from "./headers.ts";
import type { Arrival } from "./server.ts";
import { answeredVersion } from "./versions.ts";
import type { World } from "./world.ts";

const bom = "\uFEFF";

/** An answer with all the headers that the service puts on one. */
export function dressed(answer: Answer, arrival: Arrival, world: World): Delivery {
  const { quirks, clock } = world;
  const { headers, url } = arrival;
  const version = answeredVersion(headers["accept"] ?? "", url.searchParams, quirks);
  const usual = `application/json; charset=utf-8; api-version=${version}`;
  const { status, headers: own, body } = plain(answer);
  const isJson = answer.json !== undefined;
  return {
    status,
    headers: {
      ...usualHeaders(headers, answer.caller, clock.now()),
      ...(isJson && { "content-type": usual }),
      ...own,
    },
    body: isJson && quirks.bom === true && typeof body === "string" ? `${bom}${body}` : body,
  };
}

/** An answer of a server that is no Azure DevOps. */
export function plain({ status, headers, type, json, body }: Answer): Delivery {
  return {
    status,
    headers: { ...(type !== undefined && { "content-type": type }), ...headers },
    body: json === undefined ? (body ?? "") : JSON.stringify(json),
  };
}
