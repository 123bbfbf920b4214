import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe } from "vitest";

const folder = join(import.meta.dirname, "../../../shared");

/** A file of the `shared` folder that stands beside the repository. */
export function shared(path: string): string {
  return join(folder, path);
}

/** The maintainers' CI has the folder, so there its absence is a failure. Forks, releases and CI on GitHub have none. */
export function isSharedRequired({ CI: ci = "", GITHUB_ACTIONS: onGitHub = "" }: Env): boolean {
  return !["", "false"].includes(ci) && onGitHub === "";
}

type Env = Readonly<Record<string, string | undefined>>;

/** A suite that needs a file of `shared`: skipped, aloud, where it is absent and need not be there. */
export function describeWithShared(path: string, title: string, suite: () => void): void {
  const isRun = existsSync(shared(path)) || isSharedRequired(process.env);
  if (!isRun) console.warn(`skipped "${title}": no ../shared/${path} beside the repository`);
  describe.runIf(isRun)(title, suite);
}
