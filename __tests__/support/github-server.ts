import type { RunOptions } from "../../runner-emulator/runner.ts";
import { type GitHub, type GitHubOptions, startGitHub } from "../../simulator/github/github.ts";

/** Both signs on the commit. */
export const reportInputs = { "check-run": "azure", "commit-status": "azure/ci" };

/** A GitHub of the repository that the jobs of these tests run in. */
export function startGitHubServer(options: GitHubOptions = {}): Promise<GitHub> {
  return startGitHub({ repository: "octo/shop", ...options });
}

/** A job that has it for its GitHub. */
export function withGitHub(github: { readonly url: string }, overrides: RunOptions = {}): RunOptions {
  return { ...overrides, env: { GITHUB_API_URL: github.url, ...overrides.env } };
}
