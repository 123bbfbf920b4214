import { identityNamed } from "../engine/identities.ts";
import type { Run } from "../engine/run.ts";
import { type ApiResponse, listOf } from "../http/response.ts";
import type { CommitSpec } from "../spec.ts";
import { buildNotFound } from "./error-responses.ts";
import { identityRef } from "./links.ts";
import type { ApiRequest } from "./request.ts";
import { route } from "./router.ts";
import { withBuild } from "./routes-builds.ts";

export const changeRoutes = [
  route("GET", "build/builds/{id}/changes", (request) =>
    withBuild(request, (run) => changes(run, previousRun(run, request)?.version, request)),
  ),
  route("GET", "build/changes", changesBetween, { previewOnly: true }),
];

/** The run before it of the same pipeline and ref. */
function previousRun(run: Run, request: ApiRequest): Run | undefined {
  return request.state
    .all()
    .filter((one) => one.spec.id === run.spec.id && one.ref === run.ref && one.id < run.id)
    .at(-1);
}

function changesBetween(request: ApiRequest): ApiResponse {
  const runs = ["fromBuildId", "toBuildId"].map((name) => {
    const id = request.query.number(name) ?? 0;
    return { id, run: request.state.find(id) };
  });
  const missing = runs.find(({ run }) => run === undefined);
  const [from, to] = runs;
  if (missing !== undefined || from?.run === undefined || to?.run === undefined)
    return buildNotFound(missing?.id ?? 0);
  return changes(to.run, from.run.version, request);
}

/** Newest first: the commits after `after` up to the one that the run builds, as far as the repository knows them. */
function changes(run: Run, after: string | undefined, request: ApiRequest): ApiResponse {
  const commits = run.spec.repository.commits ?? [];
  const last = commits.findIndex((commit) => commit.sha === run.version);
  const first = commits.findIndex((commit) => commit.sha === after) + 1;
  const top = request.query.number("$top") ?? 50;
  const found = last < 0 ? [] : commits.slice(Math.min(first, last + 1), last + 1);
  return listOf(
    found
      .toReversed()
      .slice(0, top)
      .map((commit) => changeJson(commit, run, request)),
  );
}

function changeJson({ sha, message, author }: CommitSpec, run: Run, request: ApiRequest) {
  const { repository } = run.spec;
  const location =
    repository.type === "TfsGit"
      ? `${request.collection}/_apis/git/repositories/${encodeURIComponent(repository.name)}/commits/${sha}`
      : `https://api.github.com/repos/${repository.name}/commits/${sha}`;
  return {
    id: sha,
    message,
    type: repository.type,
    author: identityRef(identityNamed(author ?? "Ada"), request),
    timestamp: run.date(0),
    location,
  };
}
