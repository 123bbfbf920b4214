import type { PipelineRepository } from "../core/default-ref.ts";
import { ActionError } from "../errors.ts";
import { closestMatch } from "../lib/text.ts";
import type { PipelineDetails, PipelineName } from "../ports.ts";
import type { SendRequest } from "./api-request.ts";
import { asArray, asNumber, asObject, asString, decodeProject } from "./decode.ts";

interface FoundPipeline {
  readonly id: number;
  readonly name: string;
  readonly folder: string;
}

const retryForMs = 60_000;

/** A list of a name that goes on beyond these has no end that anybody would wait for. */
const maxPagesByName = 100;

/** Of all pipelines, a thousand a page: enough to name the nearest among them. */
const maxPagesForSuggestion = 10;

/** What repository a pipeline builds. https://learn.microsoft.com/rest/api/azure/devops/build/definitions/get */
export async function readPipeline(
  send: SendRequest,
  pipelineId: number,
  signal: AbortSignal,
): Promise<PipelineDetails> {
  const path = `_apis/build/definitions/${pipelineId}`;
  const decode = (value: unknown) => {
    const definition = asObject(value);
    const { repository } = definition;
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

/** The service writes it both ways: `refs/heads/main`, and `main` alone. */
function fullRef(branch: string | null): string | null {
  return branch === null || branch.startsWith("refs/") ? branch : `refs/heads/${branch}`;
}

export function decodeRepository(value: unknown): PipelineRepository {
  const repository = asObject(value);
  const properties = asObject(repository["properties"]);
  const kinds = { github: "github", githubenterprise: "github-enterprise" } as const;
  const type = (asString(repository["type"]) ?? "").toLowerCase();
  const kind = type === "github" || type === "githubenterprise" ? kinds[type] : "other";
  const url = asString(repository["url"]) ?? asString(properties["cloneUrl"]);
  const path = url === null ? null : URL.parse(url);
  const names = [repository["id"], properties["fullName"], repository["name"], path?.pathname];
  const fullName = names
    .map((name) => asString(name)?.replace(/^\/|(\.git)?\/?$/g, ""))
    .find((name) => name !== undefined && /^[^/]+\/[^/]+$/.test(name));
  return { kind, fullName, host: path?.host };
}

/** The id of the one pipeline that bears a name. https://learn.microsoft.com/rest/api/azure/devops/build/definitions/list */
export async function findPipeline(
  send: SendRequest,
  { folder, name }: PipelineName,
  signal: AbortSignal,
): Promise<number> {
  const query = folder === undefined ? { name } : { name, path: folder };
  const { pipelines, isComplete } = await listPipelines(send, { query, maxPages: maxPagesByName }, signal);
  // What was not read may bear the name too.
  if (!isComplete) throw tooManyPages();
  const matches = pipelines.filter(
    // The service reads `*` in a name as a wildcard and passes over case.
    (pipeline) => pipeline.name === name && (folder === undefined || isSameFolder(pipeline.folder, folder)),
  );
  const [only, another] = matches;
  if (only === undefined) throw await pipelineNotFound(send, { folder, name }, signal);
  if (another !== undefined) throw ambiguousPipelineName(name, matches);
  return only.id;
}

interface ListPipelinesOptions {
  readonly query: Readonly<Record<string, string | number>>;
  readonly maxPages: number;
}

/** Pipelines, each once. Only a header says that there is another page. */
async function listPipelines(
  send: SendRequest,
  { query, maxPages }: ListPipelinesOptions,
  signal: AbortSignal,
): Promise<{ readonly pipelines: readonly FoundPipeline[]; readonly isComplete: boolean }> {
  const pipelines = new Map<number, FoundPipeline>();
  let continuationToken: string | undefined;
  for (let page = 1; page <= maxPages; page += 1) {
    const { value, headers } = await send({
      method: "GET",
      path: "_apis/build/definitions",
      // Without an order, the service refuses the token as ambiguous (github/gh-gei, issue 1220).
      query: { ...query, queryOrder: "definitionNameAscending", continuationToken },
      decode: decodePipelines,
      operation: "Looking for the pipeline",
      retryForMs,
      signal,
    });
    for (const pipeline of value) pipelines.set(pipeline.id, pipeline);
    continuationToken = headers["x-ms-continuationtoken"] || undefined;
    if (continuationToken === undefined) break;
  }
  return { pipelines: [...pipelines.values()], isComplete: continuationToken === undefined };
}

function decodePipelines(json: unknown): readonly FoundPipeline[] {
  return asArray(asObject(json)["value"]).flatMap((entry) => {
    const definition = asObject(entry);
    const [id, name] = [asNumber(definition["id"]), asString(definition["name"])];
    return id === null || name === null ? [] : [{ id, name, folder: asString(definition["path"]) ?? "\\" }];
  });
}

async function pipelineNotFound(
  send: SendRequest,
  requested: PipelineName,
  signal: AbortSignal,
): Promise<ActionError> {
  const options = { query: { $top: 1_000 }, maxPages: maxPagesForSuggestion };
  const closest = closestMatch(requested, (await listPipelines(send, options, signal)).pipelines);
  const hint =
    closest === undefined
      ? "Check `project`: it has no pipeline that this identity may see."
      : `Check \`pipeline-name\`: the nearest is ${pipelinePath(closest)} (${closest.id}).`;
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
  return new ActionError("unexpected-response", "The list of the pipelines of this name had no end.", {
    hint: "Use `pipeline-id`, which needs no list.",
  });
}

function pipelinePath({ folder, name }: Pick<FoundPipeline, "folder" | "name">): string {
  return folder === "\\" ? `\\${name}` : `${folder.replace(/\\$/, "")}\\${name}`;
}

function isSameFolder(a: string, b: string): boolean {
  const normalize = (folder: string) => folder.replace(/^\\+|\\+$/g, "").toLowerCase();
  return normalize(a) === normalize(b);
}
