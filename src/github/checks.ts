import * as v from "valibot";
import { clip, oneLine } from "../core/text.ts";
import type { CommitReport, CommitReporter } from "../ports.ts";
import { annotationBatches, type CheckAnnotation } from "./check-annotations.ts";
import { truncateBytes } from "./fitting.ts";
import type { Octokit } from "./octokit.ts";
import { parseRepository } from "./place.ts";
import { createReportQueue, type ReportQueueOptions } from "./signpost.ts";

interface CheckRunOptions extends ReportQueueOptions {
  /** Follows a run that is not of this step: an earlier one may have left its check run open. */
  readonly isExternalRun: boolean;
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
export function createCheckRunReporter(options: CheckRunOptions): CommitReporter {
  const writeReport = createReportWriter(options);
  return createReportQueue(
    {
      label: `check run "${options.name}"`,
      permission: "checks: write",
      contentKey: ({ kind, title, summary }) => JSON.stringify([kind, title, summary(summaryLimit)]),
      write: (octokit, report, { isFinal, signal }) =>
        writeReport(octokit, report, isFinal ? report.annotations : [], signal),
    },
    options,
  );
}

/** Writes a report, with its annotations fifty at a time, each time with the verdict. */
function createReportWriter(options: CheckRunOptions) {
  const writeCheckRun = createCheckRunWriter(options);
  // What was written before a retry is not written twice.
  let batchesWritten = 0;
  let acceptsAnnotations = true;

  return async function writeReport(
    octokit: Octokit,
    report: CommitReport,
    annotations: CommitReport["annotations"],
    signal: AbortSignal,
  ): Promise<void> {
    const batches = annotationBatches(annotations);
    do {
      const batch = acceptsAnnotations ? batches[batchesWritten] : undefined;
      try {
        await writeCheckRun(octokit, checkRunBody(report, batch), signal);
        if (batch) batchesWritten += 1;
      } catch (error) {
        // Better the verdict alone than nothing.
        if (batch === undefined || !isUnprocessable(error)) throw error;
        acceptsAnnotations = false;
        await writeCheckRun(octokit, checkRunBody(report, undefined), signal);
      }
    } while (acceptsAnnotations && batchesWritten < batches.length);
  };
}

/** Creates the check run, or writes over the one that is there. */
function createCheckRunWriter({
  name,
  repository,
  commit,
  isExternalRun,
  isLastAttempt = false,
}: CheckRunOptions) {
  const ownerAndRepo = parseRepository(repository);
  let id: number | undefined;
  let mayExist = isExternalRun;
  // Of a last word that was said before perhaps only the answer was lost.
  let mayBeClosed = isLastAttempt;

  return async function writeCheckRun(
    octokit: Octokit,
    body: CheckRunBody,
    signal: AbortSignal,
  ): Promise<void> {
    const request = { request: { signal } };
    if (id === undefined && mayExist) {
      const query = {
        ...ownerAndRepo,
        ref: commit,
        check_name: name,
        filter: "all",
        per_page: 100,
        ...request,
      } as const;
      id = findExistingId((await octokit.rest.checks.listForRef(query)).data, body.external_id, mayBeClosed);
    }
    if (id !== undefined) {
      await octokit.rest.checks.update({ ...ownerAndRepo, check_run_id: id, ...body, ...request });
      return;
    }
    // Should the answer get lost, the check run may be there all the same.
    mayExist = true;
    mayBeClosed = true;
    const { data } = await octokit.rest.checks.create({
      ...ownerAndRepo,
      name,
      head_sha: commit,
      ...body,
      ...request,
    });
    id = v.parse(createResponseShape, data).id;
  };
}

type CheckRunBody = ReturnType<typeof checkRunBody>;

// https://docs.github.com/rest/checks/runs#update-a-check-run
function checkRunBody(report: CommitReport, annotations: CheckAnnotation[] | undefined) {
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
      summary: truncateBytes(report.summary(summaryLimit), summaryLimit) || title,
      ...(annotations !== undefined && { annotations }),
    },
  };
}

const createResponseShape = v.object({ id: v.number() });
const listResponseShape = v.object({
  check_runs: v.array(v.object({ id: v.number(), status: v.string(), external_id: v.nullish(v.string()) })),
});

/** The newest one that names the run and is open; one that our own lost request made may be closed already. */
function findExistingId(response: unknown, externalId: string, mayBeClosed: boolean): number | undefined {
  const ids = v
    .parse(listResponseShape, response)
    .check_runs.filter(
      (check) => check.external_id === externalId && (mayBeClosed || check.status !== "completed"),
    )
    .map(({ id }) => id);
  return ids.length === 0 ? undefined : Math.max(...ids);
}

function isUnprocessable(error: unknown): boolean {
  return error instanceof Error && "status" in error && error.status === 422;
}
