import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folders: string[] = [];

/** A new folder, removed after the test file; outside vitest, when the process ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "mini-runner-"));
  folders.push(folder);
  return folder;
}

function removeAll(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

// A vitest worker is stopped without an exit event.
if (process.env["VITEST"]) (await import("vitest")).afterAll(removeAll);
else process.once("exit", removeAll);
