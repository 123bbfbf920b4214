// Loaded before the bundle, with --expose-gc: regularly records the resources of the process.
import { appendFileSync, readdirSync } from "node:fs";
import type { ResourceSample } from "./resource-trends.ts";

const file = process.env["PROBE_FILE"] ?? "";

function takeSample(): ResourceSample {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  const resources = process.getActiveResourcesInfo();
  return {
    heapBytes: heapUsed + external,
    handles: resources.length,
    sockets: resources.filter((name) => name === "TCPSocketWrap").length,
    files: openFiles(),
  };
}

function openFiles(): number {
  try {
    return readdirSync("/proc/self/fd").length;
  } catch {
    return 0;
  }
}

setInterval(
  () => appendFileSync(file, `${JSON.stringify(takeSample())}\n`),
  Number(process.env["PROBE_INTERVAL_MS"]),
).unref();
