import { compareAge, type ListedRun, queueTime, type RunTrigger } from "../core/run-search.ts";
import { ActionError, TransientError } from "../errors.ts";
import { asObject, asString } from "../lib/json.ts";
import type { RunSearchQuery, RunSearchResult } from "../ports.ts";
import type { SendRequest } from "./api-request.ts";
import { dateHeaderMs, decodeCandidate, type RunUrlBuilder } from "./builds.ts";
import { decodeBuild } from "./decode.ts";

const runsPerPage = 200;

interface RunListDeps {
  readonly send: SendRequest;
  readonly runUrl: RunUrlBuilder;
  /** For a response without a date. */
  readonly now: () => number;
}

/**
 * The newest runs of one pipeline, no matter who started them; no further page is read after `maxRuns`, or a run that is older
 * than `maxAgeMs`. Throws if a page can't be read, so that a run that isn't in the result does not exist.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/list
 */
export async function searchRuns(
  { send, runUrl, now }: RunListDeps,
  { pipelineId, ref, maxRuns, maxAgeMs, ...options }: RunSearchQuery,
  signal: AbortSignal,
): Promise<RunSearchResult> {
  const listed = new Map<number, ListedRun>();
  let continuationToken: string | undefined;
  for (;;) {
    const { value, headers, retryAfterMs, throttling } = await send({
      method: "GET",
      path: "_apis/build/builds",
      // By default the list is sorted by finish time, and running runs may be on a late page.
      query: {
        definitions: pipelineId,
        branchName: ref,
        queryOrder: "queueTimeDescending",
        $top: Math.min(runsPerPage, maxRuns),
        continuationToken,
      },
      decode: (json) => decodeList(json, runUrl),
      operation: "Searching for the run",
      ...options,
      signal,
    });
    const countBefore = listed.size;
    for (const item of value) listed.set(item.run.id, item);
    continuationToken = headers["x-ms-continuationtoken"] || undefined;
    const oldest = (dateHeaderMs({ headers }) ?? now()) - maxAgeMs;
    const isPastAge = value.some((item) => queueTime(item) < oldest);
    if (continuationToken === undefined || isPastAge || listed.size >= maxRuns) {
      // A server may ignore filters, and return runs of other pipelines.
      const runs = [...listed.values()].filter(({ run }) => run.pipeline.id === pipelineId).sort(compareAge);
      return { runs, isTruncated: continuationToken !== undefined, retryAfterMs, throttling };
    }
    if (listed.size === countBefore) throw endlessList();
  }
}

function endlessList(): ActionError {
  return new ActionError("unexpected-response", "The list of the pipeline's runs repeated itself.", {
    hint: "Run the step again, or set `run-id`, which needs no list.",
  });
}

/** Anything but a list is inconclusive. */
function decodeList(json: unknown, runUrl: RunUrlBuilder): readonly ListedRun[] {
  const { value } = asObject(json);
  if (!Array.isArray(value)) throw new TransientError("the response was not a list of runs");
  return value
    .filter((entry) => asObject(entry)["deleted"] !== true)
    .map((entry) => ({
      run: decodeBuild(entry, runUrl),
      candidate: decodeCandidate(entry, runUrl),
      trigger: decodeTrigger(entry),
    }));
}

function decodeTrigger(entry: unknown): RunTrigger {
  const { reason, triggerInfo } = asObject(entry);
  const fields = asObject(triggerInfo);
  const hash = (name: string) => asString(fields[name])?.toLowerCase();
  const prNumber = fields["pr.number"];
  return {
    reason: asString(reason) ?? undefined,
    ciSourceSha: hash("ci.sourceSha"),
    prNumber: typeof prNumber === "number" ? String(prNumber) : (asString(prNumber) ?? undefined),
  };
}
