import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe } from "vitest";

const folder = join(import.meta.dirname, "../../../shared");

/** Path of a file in the `shared` folder next to the repository. */
export function sharedPath(path: string): string {
  return join(folder, path);
}

/** With RECORDINGS=required, which `.ci/run` sets where the recordings are available, a missing file fails the tests. */
export function isSharedRequired({ RECORDINGS: recordings }: Env): boolean {
  return recordings === "required";
}

type Env = Readonly<Record<string, string | undefined>>;

/** A suite that needs a file of `shared`. If the file is absent and not required, the suite is skipped with a warning. */
export function describeWithShared(path: string, title: string, suite: () => void): void {
  const isRun = existsSync(sharedPath(path)) || isSharedRequired(process.env);
  if (!isRun) console.warn(`skipped "${title}": ../shared/${path} does not exist next to the repository`);
  describe.runIf(isRun)(title, suite);
}
