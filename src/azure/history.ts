import { dateOf, fieldsOf, listOf } from "./decode.ts";
import type { Send } from "./send.ts";

/**
 * How long the last successful runs of a pipeline took, from start to end, in milliseconds.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/list
 */
export async function readPastDurations(
  send: Send,
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
    decode: (answer) => listOf(fieldsOf(answer)["value"]).flatMap(durationOf),
    doing: "Reading the pipeline's past runs",
    timeoutMs: 10_000,
    signal,
  });
  return value;
}

function durationOf(answer: unknown): number[] {
  const build = fieldsOf(answer);
  const [start, end] = [dateOf(build["startTime"]), dateOf(build["finishTime"])];
  return start === null || end === null ? [] : [Math.max(0, Date.parse(end) - Date.parse(start))];
}

/** How many lines each log has. https://learn.microsoft.com/rest/api/azure/devops/build/builds/get-build-logs */
export async function readLogSizes(
  send: Send,
  runId: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, number>> {
  const { value } = await send({
    method: "GET",
    path: `_apis/build/builds/${runId}/logs`,
    decode: (answer) =>
      new Map(
        listOf(fieldsOf(answer)["value"]).flatMap((entry): [number, number][] => {
          const { id, lineCount } = fieldsOf(entry);
          return typeof id === "number" && typeof lineCount === "number" ? [[id, lineCount]] : [];
        }),
      ),
    doing: "Reading the run's list of logs",
    timeoutMs: 10_000,
    signal,
  });
  return value;
}
