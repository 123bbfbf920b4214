import type { Candidate } from "../core/evidence.ts";
import type { Look, RunFacts } from "../core/model.ts";
import { PassingError } from "../errors.ts";
import type { Patience, Recent } from "../ports.ts";
import { decodeBuild, type Fields, fieldsOf, listOf, textOf } from "./decode.ts";
import type { Answer, Send } from "./send.ts";

export type WebAddress = (runId: number) => string;

interface Reading extends Patience {
  readonly runId: number;
  /** For a wait: an outage, or a rest that the service demands, is sat out. */
  readonly outlastsOutage?: boolean;
  readonly webAddress: WebAddress;
}

/** https://learn.microsoft.com/rest/api/azure/devops/build/builds/get */
export async function readBuild(
  send: Send,
  { runId, webAddress, outlastsOutage = false, ...patience }: Reading,
  signal: AbortSignal,
): Promise<Omit<Look, "records">> {
  const answer = await send({
    method: "GET",
    path: `_apis/build/builds/${runId}`,
    doing: "Looking at the run",
    ...patience,
    outlastsOutage,
    signal,
    decode: (value) => theRun(runId, decodeBuild(value, webAddress)),
  });
  const { value: run, retryAfterMs, slowed } = answer;
  return { run, retryAfterMs, slowed, serviceTime: serviceTime(answer) };
}

function theRun(runId: number, run: RunFacts): RunFacts {
  if (run.id !== runId) throw new PassingError(`the answer was about run ${run.id}, not about ${runId}`);
  return run;
}

/**
 * Asks for the run to be cancelled; it ends some time later.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/update-build
 */
export async function cancelBuild(
  send: Send,
  { runId, ...patience }: Patience & { readonly runId: number },
  signal: AbortSignal,
): Promise<void> {
  await send({
    method: "PATCH",
    path: `_apis/build/builds/${runId}`,
    body: { status: "cancelling" },
    decode: () => undefined,
    doing: "Cancelling the run",
    ...patience,
    // The runner kills whoever rests first.
    isUrgent: true,
    signal,
  });
}

/** So many runs are queued in the half minute of a lost start by nobody who has a quota. */
const mostRecent = 200;

/**
 * The newest runs of one pipeline.
 * https://learn.microsoft.com/rest/api/azure/devops/build/builds/list
 */
export async function listRecent(
  send: Send,
  { pipelineId, webAddress, ...patience }: Patience & { pipelineId: number; webAddress: WebAddress },
  signal: AbortSignal,
): Promise<Recent> {
  const { value, headers } = await send({
    method: "GET",
    path: "_apis/build/builds",
    // Without an order of its own the list is by finish time, and what is running may be on no first page.
    query: { definitions: pipelineId, queryOrder: "queueTimeDescending", $top: mostRecent },
    decode: (answer) =>
      listOf(fieldsOf(answer)["value"]).flatMap((entry) => decodeCandidate(entry, webAddress)),
    doing: "Looking for the run",
    ...patience,
    signal,
  });
  return {
    candidates: value,
    serviceTime: serviceTime({ headers }),
    me: headers["x-vss-userdata"]?.split(":")[0]?.toLowerCase() || undefined,
    isWhole: value.length < mostRecent && headers["x-ms-continuationtoken"] === undefined,
  };
}

/** Runs of one pipeline that bear a tag, the newest first. https://learn.microsoft.com/rest/api/azure/devops/build/builds/list */
export async function listTagged(
  send: Send,
  { pipelineId, tag, webAddress }: { pipelineId: number; tag: string; webAddress: WebAddress },
  signal: AbortSignal,
): Promise<readonly RunFacts[]> {
  const { value } = await send({
    method: "GET",
    path: "_apis/build/builds",
    query: { definitions: pipelineId, tagFilters: tag, queryOrder: "queueTimeDescending", $top: 50 },
    decode: (answer) => listOf(fieldsOf(answer)["value"]).map((entry) => decodeBuild(entry, webAddress)),
    doing: "Looking for the earlier attempt's run",
    patienceMs: 60_000,
    signal,
  });
  return value;
}

function serviceTime({ headers }: Pick<Answer, "headers">): number | undefined {
  const date = Date.parse(headers["date"] ?? "");
  return Number.isNaN(date) ? undefined : date;
}

function decodeCandidate(answer: unknown, webAddress: WebAddress): Candidate[] {
  const build = fieldsOf(answer);
  const run = decodeBuild(answer, webAddress);
  const people = [build["requestedFor"], build["requestedBy"]].map((person) =>
    textOf(fieldsOf(person)["id"]),
  );
  const parameters = build["templateParameters"];
  return [
    {
      id: run.id,
      name: run.name,
      url: run.url,
      status: run.status,
      // A run without a time may be the newest of all.
      queuedAt: run.createdAt === null ? Number.POSITIVE_INFINITY : Date.parse(run.createdAt),
      people: people.flatMap((id) => (id === null ? [] : [id.toLowerCase()])),
      pipelineId: run.pipeline.id,
      ref: run.source.ref,
      commit: run.source.commit,
      parameters: parameters === undefined || parameters === null ? undefined : fieldsOf(parameters),
      variables: variablesIn(textOf(build["parameters"])),
      tags: run.tags,
      reason: textOf(build["reason"])?.toLowerCase(),
    },
  ];
}

/** Queue-time variables travel as JSON in a text; without one there are none, or the list does not show them. */
function variablesIn(text: string | null): Fields | undefined {
  if (text === null) return undefined;
  try {
    return fieldsOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}
