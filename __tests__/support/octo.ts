import { type GitHub, type GitHubOptions, startGitHub } from "../../simulator/github/github.ts";
import type { RunOptions } from "./runner.ts";

/** Both signs on the commit. */
export const wanted = { "check-run": "azure", "commit-status": "azure/ci" };

/** A GitHub of the repository that the jobs of these tests run in. */
export function octo(options: GitHubOptions = {}): Promise<GitHub> {
  return startGitHub({ repository: "octo/shop", ...options });
}

/** A job that has it for its GitHub. */
export function beside(github: { readonly url: string }, more: RunOptions = {}): RunOptions {
  return { ...more, env: { GITHUB_API_URL: github.url, ...more.env } };
}
