import type { BuiltRepository } from "../core/default-ref.ts";
import { nearestTo } from "../core/nearest.ts";
import { ActionError } from "../errors.ts";
import type { BuiltPipeline, PipelineName } from "../ports.ts";
import { decodeProject, fieldsOf, listOf, numberOf, textOf } from "./decode.ts";
import type { Send } from "./send.ts";

interface Found {
  readonly id: number;
  readonly name: string;
  readonly folder: string;
}

const patienceMs = 60_000;
/** A list of a name that goes on beyond these has no end that anybody would wait for. */
const pagesOfAName = 100;
/** Of all pipelines, a thousand a page: enough to name the nearest among them. */
const pagesOfAll = 10;

/** What repository a pipeline builds. https://learn.microsoft.com/rest/api/azure/devops/build/definitions/get */
export async function readRepository(
  send: Send,
  pipelineId: number,
  signal: AbortSignal,
): Promise<BuiltPipeline> {
  const path = `_apis/build/definitions/${pipelineId}`;
  const decode = (value: unknown) => {
    const definition = fieldsOf(value);
    const { repository } = definition;
    return {
      name: textOf(definition["name"]),
      repository: decodeRepository(repository),
      defaultRef: fullRef(textOf(fieldsOf(repository)["defaultBranch"])),
      project: decodeProject(definition["project"]),
    };
  };
  return (await send({ method: "GET", path, decode, doing: "Reading the pipeline", patienceMs, signal }))
    .value;
}

/** The service writes it both ways: `refs/heads/main`, and `main` alone. */
function fullRef(branch: string | null): string | null {
  return branch === null || branch.startsWith("refs/") ? branch : `refs/heads/${branch}`;
}

export function decodeRepository(value: unknown): BuiltRepository {
  const repository = fieldsOf(value);
  const properties = fieldsOf(repository["properties"]);
  const kinds = { github: "github", githubenterprise: "github-enterprise" } as const;
  const type = (textOf(repository["type"]) ?? "").toLowerCase();
  const kind = type === "github" || type === "githubenterprise" ? kinds[type] : "other";
  const url = textOf(repository["url"]) ?? textOf(properties["cloneUrl"]);
  const path = url === null ? null : URL.parse(url);
  const names = [repository["id"], properties["fullName"], repository["name"], path?.pathname];
  const fullName = names
    .map((name) => textOf(name)?.replace(/^\/|(\.git)?\/?$/g, ""))
    .find((name) => name !== undefined && /^[^/]+\/[^/]+$/.test(name));
  return { kind, fullName, host: path?.host };
}

/** The id of the one pipeline that bears a name. https://learn.microsoft.com/rest/api/azure/devops/build/definitions/list */
export async function findPipeline(
  send: Send,
  { folder, name }: PipelineName,
  signal: AbortSignal,
): Promise<number> {
  const query = folder === undefined ? { name } : { name, path: folder };
  const { found, isWhole } = await listPipelines(send, { query, pagesAtMost: pagesOfAName }, signal);
  // What was not read may bear the name too.
  if (!isWhole) throw endless();
  const same = found.filter(
    // The service reads `*` in a name as a wildcard and passes over case.
    (pipeline) => pipeline.name === name && (folder === undefined || sameFolder(pipeline.folder, folder)),
  );
  const [only, another] = same;
  if (only === undefined) throw await noSuchPipeline(send, { folder, name }, signal);
  if (another !== undefined) throw severalPipelines(name, same);
  return only.id;
}

interface Listing {
  readonly query: Readonly<Record<string, string | number>>;
  readonly pagesAtMost: number;
}

/** Pipelines, each once. Only a header says that there is another page. */
async function listPipelines(
  send: Send,
  { query, pagesAtMost }: Listing,
  signal: AbortSignal,
): Promise<{ readonly found: readonly Found[]; readonly isWhole: boolean }> {
  const found = new Map<number, Found>();
  let continuationToken: string | undefined;
  for (let page = 1; page <= pagesAtMost; page += 1) {
    const { value, headers } = await send({
      method: "GET",
      path: "_apis/build/definitions",
      // Without an order, the service refuses the token as ambiguous (github/gh-gei, issue 1220).
      query: { ...query, queryOrder: "definitionNameAscending", continuationToken },
      decode: decodeList,
      doing: "Looking for the pipeline",
      patienceMs,
      signal,
    });
    for (const pipeline of value) found.set(pipeline.id, pipeline);
    continuationToken = headers["x-ms-continuationtoken"] || undefined;
    if (continuationToken === undefined) break;
  }
  return { found: [...found.values()], isWhole: continuationToken === undefined };
}

function decodeList(answer: unknown): readonly Found[] {
  return listOf(fieldsOf(answer)["value"]).flatMap((entry) => {
    const definition = fieldsOf(entry);
    const [id, name] = [numberOf(definition["id"]), textOf(definition["name"])];
    return id === null || name === null ? [] : [{ id, name, folder: textOf(definition["path"]) ?? "\\" }];
  });
}

async function noSuchPipeline(send: Send, asked: PipelineName, signal: AbortSignal): Promise<ActionError> {
  const listing = { query: { $top: 1_000 }, pagesAtMost: pagesOfAll };
  const best = nearestTo(asked, (await listPipelines(send, listing, signal)).found);
  const hint =
    best === undefined
      ? "Check `project`: it has no pipeline that this identity may see."
      : `Check \`pipeline-name\`: the nearest is ${shown(best)} (${best.id}).`;
  const { folder, name } = asked;
  const what = folder === undefined ? name : shown({ folder, name });
  return new ActionError("not-found", `No pipeline is called ${what}.`, { hint });
}

function severalPipelines(name: string, same: readonly Found[]): ActionError {
  const list = same.map((pipeline) => `${shown(pipeline)} (${pipeline.id})`).join(", ");
  return new ActionError("bad-input", `pipeline-name: several pipelines are called ${name}: ${list}.`, {
    hint: "Use `pipeline-id`, or the name with its folder.",
  });
}

function endless(): ActionError {
  return new ActionError("unexpected-response", "The list of the pipelines of this name had no end.", {
    hint: "Use `pipeline-id`, which needs no list.",
  });
}

function shown({ folder, name }: Pick<Found, "folder" | "name">): string {
  return folder === "\\" ? `\\${name}` : `${folder.replace(/\\$/, "")}\\${name}`;
}

function sameFolder(a: string, b: string): boolean {
  const plain = (folder: string) => folder.replace(/^\\+|\\+$/g, "").toLowerCase();
  return plain(a) === plain(b);
}
