import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";

/**
 * Creates a program of this name in `folder` that runs `script` with Node. A PATH with only that folder finds this program
 * and no other. (`sh` starts Node, because a `#!` line cannot contain a path with a space.)
 */
export function fakeProgram(folder: string, name: string, script: string): void {
  const code = join(temporaryFolder(), `${name}.cjs`);
  writeFileSync(code, script);
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(code)} "$@"\n`);
  chmodSync(file, 0o755);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
