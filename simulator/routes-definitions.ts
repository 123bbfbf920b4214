import { type Answer, listOf, ok } from "./answer.ts";
import { definitionAnswer } from "./answers-build.ts";
import type { Call } from "./call.ts";
import { isSame } from "./model.ts";
import { definitionUnknown } from "./problems.ts";
import { route } from "./router.ts";
import type { PipelineSpec } from "./spec.ts";

export const definitionRoutes = [
  route("GET", "build/definitions", listDefinitions),
  route("GET", "build/definitions/{id}", readDefinition),
];

function readDefinition(call: Call): Answer {
  const id = call.params["id"] ?? "";
  const spec = call.world.pipelines.get(Number(id));
  return spec === undefined ? definitionUnknown(id) : ok(definitionAnswer(spec, call, true));
}

function listDefinitions(call: Call): Answer {
  const { query } = call;
  const ids = query.list("definitionIds").map(Number);
  const name = query.one("name");
  const path = query.one("path");
  const whole = query.one("includeAllProperties")?.toLowerCase() === "true";
  const all = [...call.world.pipelines.values()].filter(
    (spec) =>
      (ids.length === 0 || ids.includes(spec.id)) &&
      (name === undefined || name === "" || matchesName(spec.name, name)) &&
      (path === undefined || path === "" || isInFolder(spec, path)),
  );
  const top = query.number("$top") ?? 1000;
  const from = query.number("continuationToken") ?? 0;
  const more = all.length > from + top;
  return listOf(
    all.slice(from, from + top).map((spec) => definitionAnswer(spec, call, whole)),
    more ? { "x-ms-continuationtoken": String(from + top) } : undefined,
  );
}

/** Whatever its case; `*` stands for anything. */
function matchesName(name: string, asked: string): boolean {
  const escaped = asked.split("*").map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${escaped.join(".*")}$`, "is").test(name);
}

function isInFolder(spec: PipelineSpec, path: string): boolean {
  const wanted = `\\${path.replaceAll("/", "\\").replace(/^\\+|\\+$/g, "")}`;
  return isSame(spec.folder ?? "\\", wanted);
}
