import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";

/**
 * Puts a program of this name, which runs `script` with Node, into `folder`. A PATH of that folder alone finds this program
 * and no other. (`sh` starts Node: a path with a space cannot stand in a `#!` line.)
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
