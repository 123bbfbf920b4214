import type { LogEntry } from "../core/log-line.ts";
import { ActionError, type ErrorCode, RunnerError, reasonOf } from "../errors.ts";
import { givenInputNames } from "../inputs/fields.ts";
import type { Inputs } from "../inputs/inputs.ts";
import { isAzureDevOpsServices } from "../inputs/organization-url.ts";
import type { Runner } from "../ports.ts";
import { errorLine } from "../render/run-lines.ts";
import type { Outputs } from "./outputs.ts";
import type { TaskLogs } from "./task-logs.ts";

interface ReportErrorOptions {
  readonly runner: Pick<Runner, "write">;
  readonly outputs: Outputs;
  /** The state of the run, for a failure whose message does not contain it. */
  readonly runNote?: string | undefined;
  /** The run whose excerpts follow the error, if there is one. */
  readonly logs: Pick<TaskLogs, "writeExcerpts"> | undefined;
  readonly bugReportContext: () => BugReportContext;
}

/**
 * Writes one error for a failure, its causes for debugging, and its circumstances for a bug report. If there is a run, the last
 * line repeats the error below the excerpts.
 */
export function reportError(
  error: unknown,
  { runner, outputs, runNote, logs, bugReportContext }: ReportErrorOptions,
): void {
  const actionError = error instanceof ActionError ? error : undefined;
  const code = actionError?.code ?? "internal";
  outputs.set({ "error-code": code });
  const isReportable = reportableCodes.includes(code) && !isRunnerProblem(error);
  const parts =
    actionError === undefined ? [internalErrorMessage(error)] : [actionError.message, actionError.hint];
  const text = [...parts, runNote].filter(Boolean).join("\n");
  runner.write([
    ...(isReportable ? bugReport(code, bugReportContext()) : []),
    ...stackTraces(error).map((stack) => ({ type: "debug" as const, text: stack })),
    { type: "error", text },
  ]);
  if (logs === undefined) return;
  logs.writeExcerpts();
  const message = [parts[0], runNote].filter(Boolean).join(" ");
  runner.write([{ type: "text", text: errorLine(message, code === "canceled") }]);
}

/** A full disk or a closed log is not a bug of the action. */
function isRunnerProblem(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, cause }: NodeJS.ErrnoException = error;
  return error instanceof RunnerError || code === "ENOSPC" || code === "EDQUOT" || isRunnerProblem(cause);
}

function internalErrorMessage(error: unknown): string {
  return `The action itself failed: ${reasonOf(error)}\nRun the job again with debug logging, and report its output, with "Details for a bug report" above.`;
}

function stackTraces(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  const own = error.stack ?? error.message;
  return error.cause === undefined ? [own] : [own, ...stackTraces(error.cause)];
}

export type BugReportField = readonly [name: string, value: string];

interface BugReportContext {
  readonly environmentFields: readonly BugReportField[];
  readonly input: (name: string) => string;
  /** The inputs, unless reading them failed. */
  readonly inputs: Inputs | undefined;
}

/** Errors that may be caused by a bug in the action, and not by its inputs. */
const reportableCodes: readonly ErrorCode[] = ["unexpected-response", "start-unknown", "internal"];

/** The facts for a bug report, folded, without values of inputs, names and URLs. */
function bugReport(
  code: ErrorCode,
  { environmentFields, input, inputs }: BugReportContext,
): readonly LogEntry[] {
  const reportFields: readonly BugReportField[] = [
    ["error-code", code],
    ...environmentFields,
    ...(inputs === undefined ? [] : inputFields(inputs)),
    ["inputs", givenInputNames(input).join(", ")],
  ];
  return [
    { type: "group", title: "Details for a bug report" },
    ...reportFields.map(([name, value]) => ({ type: "text" as const, text: `${name}: ${value}` })),
    { type: "end-group" },
  ];
}

function inputFields({ projectRef, apiVersion, credentialConfig }: Inputs): readonly BugReportField[] {
  const service = isAzureDevOpsServices(projectRef.organization) ? "Services" : "Server";
  return [
    ["Azure DevOps", `${service}, api-version ${apiVersion}`],
    ["sign-in", credentialConfig.kind],
  ];
}
