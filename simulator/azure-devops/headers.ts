import { randomUUID } from "node:crypto";
import { guidFrom } from "../engine/ids.ts";
import type { Identity } from "../options.ts";

/** The headers of every answer; `caller` only when the request is authenticated. */
export function standardHeaders(
  requestHeaders: Readonly<Record<string, string>>,
  caller: Identity | undefined,
  now: number,
): Record<string, string> {
  const activityId = randomUUID();
  return {
    date: new Date(now).toUTCString(),
    "cache-control": "no-cache",
    pragma: "no-cache",
    expires: "-1",
    vary: "Accept-Encoding",
    p3p: 'CP="CAO DSP COR ADMa DEV CONo TELo CUR PSA PSD TAI IVDo OUR SAMi BUS DEM NAV STA UNI COM INT PHY ONL FIN PUR LOC CNT"',
    activityid: activityId,
    "x-tfs-session": requestHeaders["x-tfs-session"] ?? randomUUID(),
    "x-vss-e2eid": requestHeaders["x-vss-e2eid"] ?? activityId,
    "x-tfs-processid": guidFrom("process"),
    "x-vss-senderdeploymentid": guidFrom("deployment"),
    ...(caller !== undefined && { "x-vss-userdata": `${caller.id}:${caller.uniqueName}` }),
    "request-context": `appId=cid-v1:${guidFrom("application")}`,
    "access-control-expose-headers": "Request-Context",
    "strict-transport-security": "max-age=31536000; includeSubDomains",
    "x-frame-options": "SAMEORIGIN",
    "x-content-type-options": "nosniff",
    "x-cache": "CONFIG_NOCACHE",
    "x-msedge-ref": `Ref A: ${activityId.replaceAll("-", "").toUpperCase()} Ref B: SIM01EDGE0001 Ref C: ${new Date(now).toISOString().slice(0, 19)}Z`,
  };
}
