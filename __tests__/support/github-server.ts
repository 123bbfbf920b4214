import type { RunOptions } from "../../runner-emulator/runner.ts";
import { type GitHub, type GitHubOptions, startGitHub } from "../../simulator/github/github.ts";

/** Inputs that request a check run and a commit status. */
export const reportInputs = { "check-run": "azure", "commit-status": "azure/ci" };

/** A simulated GitHub with the repository that the jobs of these tests run in. */
export function startGitHubServer(options: GitHubOptions = {}): Promise<GitHub> {
  return startGitHub({ repository: "octo/shop", ...options });
}

/** Options of a job whose GitHub API is this server. */
export function withGitHub(github: { readonly url: string }, overrides: RunOptions = {}): RunOptions {
  return { ...overrides, env: { GITHUB_API_URL: github.url, ...overrides.env } };
}
