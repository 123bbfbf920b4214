import { ActionError, reasonOf } from "../errors.ts";
import type { Runner } from "../ports.ts";
import { type BugReportContext, bugReport, reportableCodes } from "./bug-report.ts";
import type { Outputs } from "./outputs.ts";

interface ReportErrorOptions {
  readonly runner: Runner;
  readonly outputs: Outputs;
  /** What became of the run, for a failure that does not say it itself. */
  readonly runNote?: string | undefined;
  readonly bugReportContext: () => BugReportContext;
}

/** One failure is one error; its causes are for whoever debugs, and its circumstances for whoever reports it. */
export function reportError(
  error: unknown,
  { runner, outputs, runNote, bugReportContext }: ReportErrorOptions,
): void {
  const actionError = error instanceof ActionError ? error : undefined;
  const code = actionError?.code ?? "internal";
  outputs.set({ "error-code": code });
  const parts =
    actionError === undefined ? [internalErrorMessage(error)] : [actionError.message, actionError.hint];
  const text = [...parts, runNote].filter(Boolean).join("\n");
  runner.write([
    ...(reportableCodes.includes(code) ? bugReport(code, bugReportContext()) : []),
    ...stackTraces(error).map((stack) => ({ type: "debug" as const, text: stack })),
    { type: "error", text },
  ]);
}

function internalErrorMessage(error: unknown): string {
  return `The action itself failed: ${reasonOf(error)}\nRun the job again with debug logging, and report what it says, with "For a report of this error" above.`;
}

function stackTraces(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  const own = error.stack ?? error.message;
  return error.cause === undefined ? [own] : [own, ...stackTraces(error.cause)];
}
