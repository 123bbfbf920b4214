import { expect, it } from "vitest";
import { reportError } from "../../src/app/report-error.ts";
import { diskError } from "../../src/artifacts/errors.ts";
import type { LogEntry } from "../../src/core/log-line.ts";
import { ActionError } from "../../src/errors.ts";

function hasBugReport(error: unknown): boolean {
  const entries: LogEntry[] = [];
  reportError(error, {
    runner: { write: (written) => void entries.push(...written) },
    outputs: { set: () => true },
    logs: undefined,
    bugReportContext: () => ({ environmentFields: [], input: () => "", inputs: undefined }),
  });
  expect(entries.filter(({ type }) => type === "error")).toHaveLength(1);
  return entries.some(({ type }) => type === "group");
}

it.each(["ENOSPC", "EDQUOT"])(
  "a disk with %s is not reported as a bug, alone or among other errors",
  (code) => {
    const full = diskError("drop", Object.assign(new Error("no space"), { code, syscall: "write" }));
    expect(hasBugReport(full)).toBe(false);
    expect(hasBugReport(new ActionError("internal", "two artifacts", { cause: full }))).toBe(false);
  },
);

it("an internal error is reported as a bug", () => {
  expect(hasBugReport(new ActionError("internal", "odd", { cause: new Error("EOTHER") }))).toBe(true);
});
