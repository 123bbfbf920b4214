import * as v from "valibot";
import {
  createOctokit,
  describeFailure,
  type GitHubAccess,
  type Octokit,
  parseRepository,
} from "./octokit.ts";

const timeoutMs = 10_000;

const commitShape = v.object({ parents: v.array(v.object({ sha: v.string() })) });

interface MergeQuery {
  readonly repository: string;
  readonly mergeCommit: string;
}

/** `undefined` if the commit is not a merge. https://docs.github.com/rest/commits/commits#get-a-commit */
export async function secondParent(
  octokit: Octokit,
  { repository, mergeCommit }: MergeQuery,
  signal: AbortSignal,
): Promise<string | undefined> {
  const query = { ...parseRepository(repository), ref: mergeCommit, request: { signal } };
  const { data } = await octokit.rest.repos.getCommit(query);
  return v.parse(commitShape, data).parents[1]?.sha;
}

/**
 * The head of a pull request's merge commit: its second parent. `undefined` if the commit is not a merge, or, with a
 * warning, if it cannot be read.
 */
export async function readMergedHead(
  { repository, mergeCommit }: MergeQuery,
  { warn, ...access }: GitHubAccess & { readonly warn: (text: string) => void },
  signal: AbortSignal,
): Promise<string | undefined> {
  try {
    const octokit = await createOctokit(access, () => timeoutMs);
    return await secondParent(octokit, { repository, mergeCommit }, signal);
  } catch (error) {
    signal.throwIfAborted();
    const { text, misconfiguration } = describeFailure(error);
    const hint = misconfiguration === "permissions" ? " It needs `permissions: contents: read`." : "";
    warn(`The parents of the merge commit ${mergeCommit} could not be read. ${text}.${hint}`);
    return undefined;
  }
}
