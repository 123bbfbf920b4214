import { appendFileSync } from "node:fs";

const minMajor = 24;

export function isSupportedNode(version: string): boolean {
  return Number.parseInt(version, 10) >= minMajor;
}

/** Ends the step with `unsupported-runner`. GitHub's runner uses an older Node on Linux ARM32. */
export function refuseNode(target: Pick<NodeJS.Process, "env" | "stdout" | "versions" | "exitCode">): void {
  const { env, stdout, versions } = target;
  target.exitCode = 1;
  try {
    appendFileSync(env["GITHUB_OUTPUT"] ?? "", "error-code=unsupported-runner\n");
  } catch {
    // The error below repeats it.
  }
  const text = `This action needs Node ${minMajor}, but the runner started it with Node ${versions.node}. Nothing was started.`;
  const hint = "Use a current runner for Linux x64 or ARM64, macOS or Windows.";
  stdout.write(`::error::${text}%0A${hint}\n`);
}
