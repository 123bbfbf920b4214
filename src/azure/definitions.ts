import type { BuiltRepository } from "../core/default-ref.ts";
import { ActionError } from "../errors.ts";
import type { PipelineName, ReadPipeline } from "../ports.ts";
import { fieldsOf, listOf, numberOf, textOf } from "./decode.ts";
import type { Send } from "./send.ts";

interface Found {
  readonly id: number;
  readonly name: string;
  readonly folder: string;
}

const patienceMs = 60_000;

/** What repository a pipeline builds. https://learn.microsoft.com/rest/api/azure/devops/build/definitions/get */
export async function readRepository(
  send: Send,
  pipelineId: number,
  signal: AbortSignal,
): Promise<ReadPipeline> {
  const path = `_apis/build/definitions/${pipelineId}`;
  const decode = (value: unknown) => {
    const definition = fieldsOf(value);
    const { repository } = definition;
    return {
      name: textOf(definition["name"]),
      repository: decodeRepository(repository),
      defaultRef: fullRef(textOf(fieldsOf(repository)["defaultBranch"])),
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
  const narrow = folder === undefined ? {} : { path: folder };
  const same = (await listPipelines(send, { name, ...narrow }, signal)).filter(
    // The service reads `*` in a name as a wildcard and passes over case.
    (pipeline) => pipeline.name === name && (folder === undefined || sameFolder(pipeline.folder, folder)),
  );
  const [only, another] = same;
  if (only === undefined) throw await noSuchPipeline(send, { folder, name }, signal);
  if (another !== undefined) throw severalPipelines(name, same);
  return only.id;
}

async function listPipelines(
  send: Send,
  query: Readonly<Record<string, string | number>>,
  signal: AbortSignal,
): Promise<readonly Found[]> {
  const { value } = await send({
    method: "GET",
    path: "_apis/build/definitions",
    query,
    decode: decodeList,
    doing: "Looking for the pipeline",
    patienceMs,
    signal,
  });
  return value;
}

function decodeList(answer: unknown): readonly Found[] {
  return listOf(fieldsOf(answer)["value"]).flatMap((entry) => {
    const definition = fieldsOf(entry);
    const [id, name] = [numberOf(definition["id"]), textOf(definition["name"])];
    return id === null || name === null ? [] : [{ id, name, folder: textOf(definition["path"]) ?? "\\" }];
  });
}

async function noSuchPipeline(
  send: Send,
  { folder, name }: PipelineName,
  signal: AbortSignal,
): Promise<ActionError> {
  const all = await listPipelines(send, { $top: 1_000 }, signal);
  const asked = shown({ folder: folder ?? "\\", name });
  const [best] = all
    .map((pipeline) => ({
      pipeline,
      distance: distanceOf(asked.toLowerCase(), shown(pipeline).toLowerCase()),
    }))
    .toSorted((a, b) => a.distance - b.distance);
  const hint =
    best === undefined
      ? "Check `project`: it has no pipeline that this identity may see."
      : `Check \`pipeline-name\`: the nearest is ${shown(best.pipeline)} (${best.pipeline.id}).`;
  return new ActionError("not-found", `No pipeline is called ${folder === undefined ? name : asked}.`, {
    hint,
  });
}

function severalPipelines(name: string, same: readonly Found[]): ActionError {
  const list = same.map((pipeline) => `${shown(pipeline)} (${pipeline.id})`).join(", ");
  return new ActionError("bad-input", `pipeline-name: several pipelines are called ${name}: ${list}.`, {
    hint: "Use `pipeline-id`, or the name with its folder.",
  });
}

function shown({ folder, name }: Pick<Found, "folder" | "name">): string {
  return folder === "\\" ? `\\${name}` : `${folder.replace(/\\$/, "")}\\${name}`;
}

function sameFolder(a: string, b: string): boolean {
  const plain = (folder: string) => folder.replace(/^\\+|\\+$/g, "").toLowerCase();
  return plain(a) === plain(b);
}

/** Levenshtein's distance: how many letters to change, add or take away. */
function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (letter === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
