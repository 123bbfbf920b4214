import { spawn } from "node:child_process";
import type { Options } from "./options.ts";

/** Prints the token once, or pipes it into the GitHub CLI. It is not passed as an argument, which others could see. */
export async function deliverToken(
  token: string,
  { secret, repo }: Pick<Options, "secret" | "repo">,
): Promise<void> {
  if (secret === undefined) {
    process.stdout.write(`${token}\n`);
    return;
  }
  const args = ["secret", "set", secret, ...(repo === undefined ? [] : ["--repo", repo])];
  const child = spawn("gh", args, { stdio: ["pipe", "inherit", "inherit"] });
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once("error", () =>
      reject(new Error("The GitHub CLI (`gh`) was not found: install it, or omit --secret.")),
    );
    child.once("close", resolve);
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(token);
  const exitCode = await exited;
  if (exitCode !== 0) throw new Error(`gh secret set ended with ${exitCode}: the token was not stored.`);
  process.stderr.write(`Stored as the secret ${secret}.\n`);
}
