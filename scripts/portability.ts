// Runs the tests that touch the machine in a copy of the checkout and in an environment unlike the developer's:
// another folder, host, user and time zone, `CI` set, an `az` and a `gh` on the PATH, a proxy that does not answer, and no
// recordings beside the copy. Fails if a test fails, or leaves a file in the copy.
import { execFileSync, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { exitOnInterrupt, parseArguments } from "./arguments.ts";

const suites = [
  "__tests__/meta/",
  "__tests__/scenarios/sign-in-managed-identity",
  "__tests__/scripts/",
  "__tests__/auth/",
  "__tests__/runner-emulator/",
];

parseArguments(
  "npm run portability    runs tests in a copy, in an environment unlike this one (no options)",
  {},
);

exitOnInterrupt();

const root = resolve(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "portability-"));
process.exitCode = 1;
try {
  const copy = copyOf(join(folder, "home/vsts/build/my clone"));
  const { status } = spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", "run", ...suites], {
    cwd: copy,
    env: environment(),
    stdio: "inherit",
  });
  const left = git(copy, "ls-files", "--others", "--modified", "--exclude=/node_modules");
  if (left !== "") console.error(`The tests left files in the checkout:\n${left}`);
  process.exitCode = status === 0 && left === "" ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

function git(cwd: string, ...args: readonly string[]): string {
  return execFileSync("git", args, { cwd, encoding: "utf8" });
}

/** A copy of the working tree, in a repository of its own. */
function copyOf(copy: string): string {
  const paths = git(root, "ls-files", "--cached", "--others", "--exclude-standard", "-z").split("\0");
  const present = paths.filter((path) => path !== "" && existsSync(join(root, path)));
  const absent = suites.filter((suite) => !present.some((path) => path.startsWith(suite)));
  if (absent.length > 0) throw new Error(`No test file starts with ${absent.join(" or ")}`);
  for (const path of present) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(root, path), join(copy, path));
  }
  git(copy, "init", "--quiet");
  // It is a link here, which the folder pattern in .gitignore does not match.
  writeFileSync(join(copy, ".git/info/exclude"), "/node_modules\n");
  git(copy, "add", "--all");
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "junction");
  return copy;
}

function environment(): NodeJS.ProcessEnv {
  const programs = join(folder, "bin");
  mkdirSync(programs);
  for (const name of ["az", "gh"]) {
    const file = join(programs, name);
    writeFileSync(file, `#!/bin/sh\necho '{"accessToken":"of-the-machine","expires_on":99999999999}'\n`);
    chmodSync(file, 0o755);
  }
  const host = join(folder, "host.mjs");
  writeFileSync(
    host,
    `import os from "node:os";\nimport { syncBuiltinESMExports } from "node:module";\nos.hostname = () => "azure";\nsyncBuiltinESMExports();\n`,
  );
  const { RECORDINGS: _, ...own } = process.env;
  return {
    ...own,
    PATH: [programs, own["PATH"]].join(delimiter),
    NODE_OPTIONS: `--import=${pathToFileURL(host)}`,
    HOME: "/home/vsts",
    USERPROFILE: String.raw`C:\Users\runneradmin`,
    USER: "runner",
    HOSTNAME: "azure",
    TZ: "Asia/Kolkata",
    LC_ALL: "C",
    CI: "true",
    FORCE_COLOR: "1",
    http_proxy: "http://127.0.0.1:9",
    https_proxy: "http://127.0.0.1:9",
    AZURE_DEVOPS_TOKEN: "of-the-machine",
    AZURE_CLIENT_ID: "of-the-machine",
    AZURE_TENANT_ID: "of-the-machine",
    GITHUB_REPOSITORY: "of-the/machine",
    GITHUB_TOKEN: "of-the-machine",
    SYSTEM_ACCESSTOKEN: "of-the-machine",
  };
}
