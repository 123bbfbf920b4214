import * as v from "valibot";
import { clip, oneLine } from "../core/text.ts";
import type { Signpost, SignReport } from "../ports.ts";
import { annotationBatches, type CheckAnnotation } from "./check-annotations.ts";
import { fitBytes } from "./fitting.ts";
import type { Octokit } from "./octokit.ts";
import { placeOf } from "./place.ts";
import { type SignpostOptions, signpostOf } from "./signpost.ts";

interface CheckRunOptions extends SignpostOptions {
  /** Follows a run that is not of this step: an earlier one may have left its check run open. */
  readonly follow: boolean;
}

const titleLimit = 255;
const summaryLimit = 65_535;
const conclusions = {
  succeeded: "success",
  failed: "failure",
  canceled: "cancelled",
  "timed-out": "timed_out",
  error: "failure",
} as const;

/** A check run on the commit, from the start of the run to its end. */
export function checkRun(options: CheckRunOptions): Signpost {
  const post = createPost(options);
  return signpostOf(
    {
      subject: `check run "${options.name}"`,
      permission: "checks: write",
      shows: ({ kind, title, summary }) => JSON.stringify([kind, title, summary(summaryLimit)]),
      write: (octokit, report, { last, signal }) =>
        post(octokit, report, last ? report.annotations : [], signal),
    },
    options,
  );
}

/** Writes a report, with its annotations fifty at a time, each time with the verdict. */
function createPost(options: CheckRunOptions) {
  const write = createWriter(options);
  // What was written before a retry is not written twice.
  let written = 0;
  let annotated = true;

  return async function post(
    octokit: Octokit,
    report: SignReport,
    annotations: SignReport["annotations"],
    signal: AbortSignal,
  ): Promise<void> {
    const batches = annotationBatches(annotations);
    do {
      const batch = annotated ? batches[written] : undefined;
      try {
        await write(octokit, bodyOf(report, batch), signal);
        if (batch) written += 1;
      } catch (error) {
        // Better the verdict alone than nothing.
        if (batch === undefined || !isUnprocessable(error)) throw error;
        annotated = false;
        await write(octokit, bodyOf(report, undefined), signal);
      }
    } while (annotated && written < batches.length);
  };
}

/** Creates the check run, or writes over the one that is there. */
function createWriter({ name, repository, commit, follow, isLast = false }: CheckRunOptions) {
  const place = placeOf(repository);
  let id: number | undefined;
  let mayExist = follow;
  // Of a last word that was said before perhaps only the answer was lost.
  let isLost = isLast;

  return async function write(octokit: Octokit, body: Body, signal: AbortSignal): Promise<void> {
    const request = { request: { signal } };
    if (id === undefined && mayExist) {
      const list = {
        ...place,
        ref: commit,
        check_name: name,
        filter: "all",
        per_page: 100,
        ...request,
      } as const;
      id = earlierOf((await octokit.rest.checks.listForRef(list)).data, body.external_id, isLost);
    }
    if (id !== undefined) {
      await octokit.rest.checks.update({ ...place, check_run_id: id, ...body, ...request });
      return;
    }
    // Should the answer get lost, the check run may be there all the same.
    mayExist = true;
    isLost = true;
    const { data } = await octokit.rest.checks.create({
      ...place,
      name,
      head_sha: commit,
      ...body,
      ...request,
    });
    id = v.parse(createdShape, data).id;
  };
}

type Body = ReturnType<typeof bodyOf>;

// https://docs.github.com/rest/checks/runs#update-a-check-run
function bodyOf(report: SignReport, annotations: CheckAnnotation[] | undefined) {
  const { kind, runId, runUrl, startedAt } = report;
  const title = clip(oneLine(report.title), titleLimit) || `Run ${runId}`;
  const state =
    kind === "running"
      ? ({ status: "in_progress" } as const)
      : ({ status: "completed", conclusion: conclusions[kind] } as const);
  return {
    ...state,
    details_url: runUrl,
    external_id: String(runId),
    ...(startedAt !== undefined && { started_at: startedAt }),
    output: {
      title,
      summary: fitBytes(report.summary(summaryLimit), summaryLimit) || title,
      ...(annotations !== undefined && { annotations }),
    },
  };
}

const createdShape = v.object({ id: v.number() });
const listShape = v.object({
  check_runs: v.array(v.object({ id: v.number(), status: v.string(), external_id: v.nullish(v.string()) })),
});

/** The newest one that names the run and is open; one that our own lost request made may be closed already. */
function earlierOf(answer: unknown, externalId: string, mayBeClosed: boolean): number | undefined {
  const ids = v
    .parse(listShape, answer)
    .check_runs.filter(
      (check) => check.external_id === externalId && (mayBeClosed || check.status !== "completed"),
    )
    .map(({ id }) => id);
  return ids.length === 0 ? undefined : Math.max(...ids);
}

function isUnprocessable(error: unknown): boolean {
  return error instanceof Error && "status" in error && error.status === 422;
}
