import { ActionError, reasonOf } from "../errors.ts";
import type { Host } from "../ports.ts";
import { bugReport, type Circumstances, reportable } from "./bug-report.ts";
import type { Outputs } from "./outputs.ts";

interface Reporting {
  readonly host: Host;
  readonly outputs: Outputs;
  /** What became of the run, for a failure that does not say it itself. */
  readonly aboutRun?: string | undefined;
  readonly circumstances: () => Circumstances;
}

/** One failure is one error; its causes are for whoever debugs, and its circumstances for whoever reports it. */
export function report(error: unknown, { host, outputs, aboutRun, circumstances }: Reporting): void {
  const known = error instanceof ActionError ? error : undefined;
  const code = known?.code ?? "internal";
  outputs.tell({ "error-code": code });
  const parts = known === undefined ? [unexpected(error)] : [known.message, known.hint];
  const text = [...parts, aboutRun].filter(Boolean).join("\n");
  host.write([
    ...(reportable.includes(code) ? bugReport(code, circumstances()) : []),
    ...stacksOf(error).map((stack) => ({ type: "debug" as const, text: stack })),
    { type: "error", text },
  ]);
}

function unexpected(error: unknown): string {
  return `The action itself failed: ${reasonOf(error)}\nRun the job again with debug logging, and report what it says, with "For a report of this error" above.`;
}

function stacksOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  const own = error.stack ?? error.message;
  return error.cause === undefined ? [own] : [own, ...stacksOf(error.cause)];
}
