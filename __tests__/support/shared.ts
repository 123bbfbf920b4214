import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe } from "vitest";

const folder = join(import.meta.dirname, "../../../shared");

/** A file of the `shared` folder that stands beside the repository. */
export function sharedPath(path: string): string {
  return join(folder, path);
}

/** `.ci/run` sets RECORDINGS to `required` where the recordings are: there a file that is missing is a failure. */
export function isSharedRequired({ RECORDINGS: recordings }: Env): boolean {
  return recordings === "required";
}

type Env = Readonly<Record<string, string | undefined>>;

/** A suite that needs a file of `shared`: skipped, aloud, where it is absent and need not be there. */
export function describeWithShared(path: string, title: string, suite: () => void): void {
  const isRun = existsSync(sharedPath(path)) || isSharedRequired(process.env);
  if (!isRun) console.warn(`skipped "${title}": no ../shared/${path} beside the repository`);
  describe.runIf(isRun)(title, suite);
}
