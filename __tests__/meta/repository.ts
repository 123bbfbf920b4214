import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

export const root = resolve(import.meta.dirname, "../..");

export function textOf(path: string): string {
  return readFileSync(resolve(root, path), "utf8");
}

/** All files in the repository, including untracked ones that are not ignored. Paths with slashes. */
export function filesOf(...patterns: string[]): string[] {
  const options = ["ls-files", "--cached", "--others", "--exclude-standard", "-z", "--", ...patterns];
  const listed = execFileSync("git", options, { cwd: root, encoding: "utf8" }).split("\0");
  const deleted = new Set(
    execFileSync("git", ["ls-files", "--deleted", "-z"], { cwd: root, encoding: "utf8" }).split("\0"),
  );
  return [...new Set(listed)].filter((path) => path !== "" && !deleted.has(path));
}
