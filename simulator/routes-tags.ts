import { type Answer, listOf, ok } from "./answer.ts";
import { type Call, property, recordFrom, textOf } from "./call.ts";
import { isSame } from "./model.ts";
import { badArgument } from "./problems.ts";
import { route } from "./router.ts";
import { withBuild } from "./routes-builds.ts";
import type { Run } from "./run.ts";

export const tagRoutes = [
  route("GET", "build/builds/{id}/tags", (call) => withBuild(call, (run) => listOf(run.tags))),
  route("POST", "build/builds/{id}/tags", (call) => withBuild(call, (run) => addTags(run, parsedBody(call)))),
  route("PUT", "build/builds/{id}/tags/{tag}", (call) =>
    withBuild(call, (run) => addTags(run, [call.params["tag"]])),
  ),
  route("DELETE", "build/builds/{id}/tags/{tag}", (call) => withBuild(call, (run) => removeTag(run, call))),
  route("GET", "build/builds/{id}/properties", (call) => withBuild(call, properties)),
  route("PATCH", "build/builds/{id}/properties", (call) =>
    withBuild(call, (run) => patchProperties(run, call)),
  ),
];

function parsedBody(call: Call): unknown {
  try {
    return JSON.parse(call.bodyText);
  } catch {
    return undefined;
  }
}

/** Every answer is all the tags. */
function addTags(run: Run, tags: unknown): Answer {
  if (!Array.isArray(tags)) return badArgument("The request body must be a list of tags.");
  for (const tag of tags as readonly unknown[]) {
    if (typeof tag === "string" && !run.tags.some((one) => isSame(one, tag))) run.tags.push(tag);
  }
  return listOf(run.tags);
}

function removeTag(run: Run, call: Call): Answer {
  const at = run.tags.findIndex((tag) => isSame(tag, call.params["tag"] ?? ""));
  if (at >= 0) run.tags.splice(at, 1);
  return listOf(run.tags);
}

function properties(run: Run): Answer {
  return ok({ count: run.properties.size, value: Object.fromEntries(run.properties) });
}

function patchProperties(run: Run, call: Call): Answer {
  const patches = parsedBody(call);
  if (!Array.isArray(patches)) return badArgument("The request body must be a JSON patch document.");
  for (const patch of (patches as readonly unknown[]).map(recordFrom)) {
    const name = (textOf(property(patch, "path")) ?? "").replace(/^\//, "");
    if (textOf(property(patch, "op"))?.toLowerCase() === "remove") run.properties.delete(name);
    else run.properties.set(name, property(patch, "value"));
  }
  return properties(run);
}
