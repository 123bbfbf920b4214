import * as v from "valibot";
import type { Annotation } from "../core/log-line.ts";
import { sourcePath } from "../core/source-location.ts";
import { clip, oneLine, printable } from "../lib/text.ts";
import type { CommitReport, CommitReporter } from "../ports.ts";
import { type Octokit, parseRepository } from "./octokit.ts";
import {
  createReportQueue,
  NotReportedError,
  type ReportQueueOptions,
  supersededText,
  type WriteOptions,
} from "./report-queue.ts";

interface CheckRunOptions extends ReportQueueOptions {
  /** Whether the step follows a run that it did not start: an earlier step may have left its check run open. */
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
  skipped: "skipped",
} as const;

/** A check run on the commit, from the start of the run to its end. */
export function createCheckRunReporter(options: CheckRunOptions): CommitReporter {
  const writeReport = createReportWriter(options);
  return createReportQueue(
    {
      label: `check run "${options.name}"`,
      permission: "checks: write",
      contentKey: ({ kind, title, summary }) => JSON.stringify([kind, title, summary(summaryLimit)]),
      write: (octokit, report, { commit, isFinal, signal }) =>
        writeReport(octokit, isFinal ? report : { ...report, annotations: [] }, { commit, signal }),
    },
    options,
  );
}

/** Writes a report with its annotations, in requests of fifty, each of which has the result. */
function createReportWriter(options: CheckRunOptions) {
  const writeCheckRun = createCheckRunWriter(options);
  // What was written before a retry is not written twice.
  let batchesWritten = 0;
  let acceptsAnnotations = true;

  return async function writeReport(
    octokit: Octokit,
    report: CommitReport,
    place: CheckRunPlace,
  ): Promise<void> {
    const batches = annotationBatches(report.annotations);
    do {
      const batch = acceptsAnnotations ? batches[batchesWritten] : undefined;
      try {
        await writeCheckRun(octokit, checkRunBody(report, batch), place);
        if (batch) batchesWritten += 1;
      } catch (error) {
        // At least the result is written.
        if (batch === undefined || !isUnprocessable(error)) throw error;
        acceptsAnnotations = false;
        await writeCheckRun(octokit, checkRunBody(report, undefined), place);
      }
    } while (acceptsAnnotations && batchesWritten < batches.length);
  };
}

type CheckRunPlace = Pick<WriteOptions, "commit" | "signal">;

/** Creates the check run, or updates the existing one. */
function createCheckRunWriter({ name, repository, isExternalRun, isLastAttempt = false }: CheckRunOptions) {
  const ownerAndRepo = parseRepository(repository);
  let id: number | undefined;
  let mayExist = isExternalRun;
  // The final report may have been written before, if only the response was lost.
  let mayBeClosed = isLastAttempt;

  return async function writeCheckRun(
    octokit: Octokit,
    body: CheckRunBody,
    { commit, signal }: CheckRunPlace,
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
      const { data } = await octokit.rest.checks.listForRef(query);
      id = findExistingId(data, body.external_id, mayBeClosed);
      const newer = id === undefined ? newerRunIn(data, body.external_id) : undefined;
      if (newer !== undefined) throw new NotReportedError(supersededText(`check run "${name}"`, newer));
    }
    if (id !== undefined) {
      await octokit.rest.checks.update({ ...ownerAndRepo, check_run_id: id, ...body, ...request });
      return;
    }
    // If the response is lost, the check run may exist nevertheless.
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
  const title = clip(oneLine(report.title), titleLimit) || `Run ${runId ?? ""}`;
  const state =
    kind === "running"
      ? ({ status: "in_progress" } as const)
      : ({ status: "completed", conclusion: conclusions[kind] } as const);
  return {
    ...state,
    details_url: runUrl,
    ...(runId !== undefined && { external_id: String(runId) }),
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

/** The newest open check run of the run; one that was created by an earlier lost request may already be closed. */
function findExistingId(
  response: unknown,
  externalId: string | undefined,
  mayBeClosed: boolean,
): number | undefined {
  const ids = v
    .parse(listResponseShape, response)
    .check_runs.filter(
      (check) => check.external_id === externalId && (mayBeClosed || check.status !== "completed"),
    )
    .map(({ id }) => id);
  return ids.length === 0 ? undefined : Math.max(...ids);
}

/** The newest run with a higher id, since ids increase. */
function newerRunIn(response: unknown, externalId: string | undefined): number | undefined {
  const ids = v
    .parse(listResponseShape, response)
    .check_runs.map((check) => Number(check.external_id))
    .filter((id) => Number.isSafeInteger(id) && id > Number(externalId));
  return ids.length === 0 ? undefined : Math.max(...ids);
}

function isUnprocessable(error: unknown): boolean {
  return error instanceof Error && "status" in error && error.status === 422;
}

interface CheckAnnotation {
  path: string;
  start_line: number;
  end_line: number;
  start_column?: number;
  end_column?: number;
  annotation_level: "notice" | "warning" | "failure";
  message: string;
  title?: string;
}

const annotationsPerRequest = 50;

const annotationMessageLimit = 64 * 1024;

const annotationTitleLimit = 255;

const annotationLevels = { error: "failure", warning: "warning", notice: "notice" } as const;

/** As many annotations as GitHub accepts in one request. Those without a file in the repository are only in the summary. */
function annotationBatches(annotations: readonly Annotation[]): CheckAnnotation[][] {
  const located = annotations.flatMap((annotation) => {
    const path = sourcePath(annotation.file ?? "");
    return path === undefined ? [] : [toCheckAnnotation(annotation, path)];
  });
  const batches: CheckAnnotation[][] = [];
  for (let start = 0; start < located.length; start += annotationsPerRequest) {
    batches.push(located.slice(start, start + annotationsPerRequest));
  }
  return batches;
}

function toCheckAnnotation({ type, text, title, line, column }: Annotation, path: string): CheckAnnotation {
  const shortTitle = clip(oneLine(title ?? ""), annotationTitleLimit);
  const message = truncateBytes(printable(text), annotationMessageLimit);
  const startLine = isPosition(line) ? line : 1;
  return {
    path,
    start_line: startLine,
    end_line: startLine,
    ...(isPosition(line) && isPosition(column) && { start_column: column, end_column: column }),
    annotation_level: annotationLevels[type],
    message: message.trim() === "" ? shortTitle || path : message,
    ...(shortTitle !== "" && { title: shortTitle }),
  };
}

function isPosition(value: number | undefined): value is number {
  return value !== undefined && Number.isSafeInteger(value) && value > 0;
}

const ellipsis = "…";

/** Truncates to a number of bytes in UTF-8, at a line end if possible. */
export function truncateBytes(text: string, limit: number): string {
  const wellFormed = text.toWellFormed();
  const bytes = Buffer.from(wellFormed);
  if (bytes.length <= limit) return wellFormed;
  const suffix = `\n\n${ellipsis}`;
  let length = limit - Buffer.byteLength(suffix);
  // A byte 10xxxxxx continues a character.
  while (((bytes[length] ?? 0) & 0xc0) === 0x80) length -= 1;
  const truncated = bytes.subarray(0, length).toString("utf8");
  const lastLineBreak = truncated.lastIndexOf("\n");
  return (lastLineBreak > 0 ? truncated.slice(0, lastLineBreak) : truncated) + suffix;
}
