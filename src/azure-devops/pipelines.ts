import { isSameFolder } from "../core/pipeline-folder.ts";
import { ActionError, TransientError } from "../errors.ts";
import { asArray, asId, asObject, asString } from "../lib/json.ts";
import { listed, nearMatches } from "../lib/text.ts";
import type { PipelineDetails, PipelineName } from "../ports.ts";
import type { SendRequest } from "./api-request.ts";
import { decodeProject, decodeRepository } from "./decode.ts";

interface FoundPipeline {
  readonly id: number;
  readonly name: string;
  readonly folder: string;
}

const retryForMs = 60_000;

/** A page has a thousand pipelines: a longer list is endless. */
const maxPages = 100;

/** The repository that a pipeline builds. https://learn.microsoft.com/rest/api/azure/devops/build/definitions/get */
export async function readPipeline(
  send: SendRequest,
  pipelineId: number,
  signal: AbortSignal,
): Promise<PipelineDetails> {
  const path = `_apis/build/definitions/${pipelineId}`;
  const decode = (value: unknown) => {
    const definition = asObject(value);
    const { repository } = definition;
    const id = asId(definition["id"]);
    if (id !== null && id !== pipelineId)
      throw new TransientError(`the response was about pipeline ${id}, not about ${pipelineId}`);
    return {
      name: asString(definition["name"]),
      repository: decodeRepository(repository),
      defaultRef: fullRef(asString(asObject(repository)["defaultBranch"])),
      project: decodeProject(definition["project"]),
    };
  };
  return (await send({ method: "GET", path, decode, operation: "Reading the pipeline", retryForMs, signal }))
    .value;
}

/** The service uses both forms: `refs/heads/main` and `main`. */
function fullRef(branch: string | null): string | null {
  return branch === null || branch.startsWith("refs/") ? branch : `refs/heads/${branch}`;
}

/**
 * The id of the only pipeline with a name. The service's filters miss some names and folders, so the whole list is read if a
 * filter finds nothing.
 * https://learn.microsoft.com/rest/api/azure/devops/build/definitions/list
 */
export async function findPipeline(
  send: SendRequest,
  { folder, name }: PipelineName,
  signal: AbortSignal,
): Promise<number> {
  const isMatch = (pipeline: FoundPipeline) =>
    // In the service, `*` in a name is a wildcard, and case is ignored.
    pipeline.name === name && (folder === undefined || isSameFolder(pipeline.folder, folder));
  const filtered = await listPipelines(
    send,
    folder === undefined ? { name } : { name, path: folder },
    signal,
  );
  let matches = filtered.filter(isMatch);
  if (matches.length === 0) {
    const all = await listPipelines(send, { $top: 1_000 }, signal);
    matches = all.filter(isMatch);
    if (matches.length === 0) throw pipelineNotFound({ folder, name }, all);
  }
  const [only, another] = matches;
  if (only === undefined || another !== undefined) throw ambiguousPipelineName(name, matches);
  return only.id;
}

/** All pipelines of a list, without duplicates. Only a header shows that there is another page. */
async function listPipelines(
  send: SendRequest,
  query: Readonly<Record<string, string | number>>,
  signal: AbortSignal,
): Promise<readonly FoundPipeline[]> {
  const pipelines = new Map<number, FoundPipeline>();
  let continuationToken: string | undefined;
  for (let page = 1; page <= maxPages; page += 1) {
    const { value, headers } = await send({
      method: "GET",
      path: "_apis/build/definitions",
      // Without an order, the service refuses the token as ambiguous (github/gh-gei, issue 1220).
      query: { ...query, queryOrder: "definitionNameAscending", continuationToken },
      decode: decodePipelines,
      operation: "Searching for the pipeline",
      retryForMs,
      signal,
    });
    for (const pipeline of value) pipelines.set(pipeline.id, pipeline);
    continuationToken = headers["x-ms-continuationtoken"] || undefined;
    if (continuationToken === undefined) return [...pipelines.values()];
  }
  // A pipeline that could not be read may have the same name.
  throw tooManyPages();
}

function decodePipelines(json: unknown): readonly FoundPipeline[] {
  return asArray(asObject(json)["value"]).flatMap((entry) => {
    const definition = asObject(entry);
    const [id, name] = [asId(definition["id"]), asString(definition["name"])];
    return id === null || name === null ? [] : [{ id, name, folder: asString(definition["path"]) ?? "\\" }];
  });
}

function pipelineNotFound(requested: PipelineName, all: readonly FoundPipeline[]): ActionError {
  const near = nearMatches(requested, all).map((pipeline) => `${pipelinePath(pipeline)} (${pipeline.id})`);
  const hint =
    all.length === 0
      ? "Check that the identity can see the project's pipelines: it sees none."
      : near.length === 0
        ? `Check \`pipeline-name\`, and that the identity can see the pipeline: none of the ${all.length} that it sees has a similar name.`
        : `Check \`pipeline-name\`: ${near.length === 1 ? "a similar name is" : "similar names are"} ${listed(near)}.`;
  const { folder, name } = requested;
  const displayName = folder === undefined ? name : pipelinePath({ folder, name });
  return new ActionError("not-found", `No pipeline is called ${displayName}.`, { hint });
}

function ambiguousPipelineName(name: string, matches: readonly FoundPipeline[]): ActionError {
  const list = matches.map((pipeline) => `${pipelinePath(pipeline)} (${pipeline.id})`).join(", ");
  return new ActionError("bad-input", `pipeline-name: several pipelines are called ${name}: ${list}.`, {
    hint: "Use `pipeline-id`, or the name with its folder.",
  });
}

function tooManyPages(): ActionError {
  return new ActionError("unexpected-response", "The list of pipelines was endless.", {
    hint: "Use `pipeline-id`, which needs no list.",
  });
}

function pipelinePath({ folder, name }: Pick<FoundPipeline, "folder" | "name">): string {
  return folder === "\\" ? `\\${name}` : `${folder.replace(/\\$/, "")}\\${name}`;
}
