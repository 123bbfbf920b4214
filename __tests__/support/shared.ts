import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe } from "vitest";

const folder = join(import.meta.dirname, "../../../shared");

/** A file of the `shared` folder that stands beside the repository. */
export function shared(path: string): string {
  return join(folder, path);
}

function hasShared(path = ""): boolean {
  return existsSync(shared(path));
}

/** A suite that needs a file of `shared`: skipped, aloud, where it is absent. CI has it, so there it always runs. */
export function describeWithShared(path: string, title: string, suite: () => void): void {
  if (hasShared(path) || process.env["CI"]) {
    describe(title, suite);
    return;
  }
  console.warn(`skipped "${title}": no ../shared/${path} beside the repository`);
  describe.skip(title, suite);
}
