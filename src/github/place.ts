/** `contoso/web` as Octokit wants it. */
export function parseRepository(repository: string): { owner: string; repo: string } {
  const [owner = "", repo = ""] = repository.split("/");
  return { owner, repo };
}
