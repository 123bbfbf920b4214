import { asArray, asDate, asObject } from "./decode.ts";
import type { SendRequest } from "./send.ts";

/**
 * How long the last successful runs of a pipeline took, from start to end, in milliseconds.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/list
 */
export async function readPastDurations(
  send: SendRequest,
  pipelineId: number,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const { value } = await send({
    method: "GET",
    path: "_apis/build/builds",
    query: {
      definitions: pipelineId,
      statusFilter: "completed",
      resultFilter: "succeeded",
      queryOrder: "finishTimeDescending",
      $top: 10,
    },
    decode: (json) => asArray(asObject(json)["value"]).flatMap(durationOf),
    operation: "Reading the pipeline's past runs",
    timeoutMs: 10_000,
    signal,
  });
  return value;
}

function durationOf(json: unknown): number[] {
  const build = asObject(json);
  const [start, end] = [asDate(build["startTime"]), asDate(build["finishTime"])];
  return start === null || end === null ? [] : [Math.max(0, Date.parse(end) - Date.parse(start))];
}

/** How many lines each log has. https://learn.microsoft.com/rest/api/azure/devops/build/builds/get-build-logs */
export async function readLogSizes(
  send: SendRequest,
  runId: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, number>> {
  const { value } = await send({
    method: "GET",
    path: `_apis/build/builds/${runId}/logs`,
    decode: (json) =>
      new Map(
        asArray(asObject(json)["value"]).flatMap((entry): [number, number][] => {
          const { id, lineCount } = asObject(entry);
          return typeof id === "number" && typeof lineCount === "number" ? [[id, lineCount]] : [];
        }),
      ),
    operation: "Reading the run's list of logs",
    timeoutMs: 10_000,
    signal,
  });
  return value;
}
