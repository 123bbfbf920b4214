import { type Answer, ok } from "./answer.ts";
import { bodyOf, type Call, property, recordFrom } from "./call.ts";
import { identityRef } from "./links.ts";
import { wireDate } from "./moments.ts";
import { badArgument } from "./problems.ts";
import { route } from "./router.ts";
import { resourceOf } from "./world.ts";

const preview = { previewOnly: true };

export const permissionRoutes = [
  route("GET", "pipelines/pipelinePermissions/{type}/{id}", readPermissions, preview),
  route("PATCH", "pipelines/pipelinePermissions/{type}/{id}", permit, preview),
];

function keyOf(call: Call): string {
  return `${call.params["type"] ?? ""}/${call.params["id"] ?? ""}`.toLowerCase();
}

function readPermissions(call: Call): Answer {
  const { type = "", id = "" } = call.params;
  const authorizedBy = identityRef(call.caller, call);
  const authorizedOn = wireDate(call.world.clock.now());
  const pipelines = [...(call.world.permitted.get(keyOf(call)) ?? [])];
  return ok({
    resource: { type, id },
    pipelines: pipelines.map((pipeline) => ({ id: pipeline, authorized: true, authorizedBy, authorizedOn })),
  });
}

/** Runs that wait for this resource go on. */
function permit(call: Call): Answer {
  const body = bodyOf(call);
  if (body === undefined) return badArgument("The request body is not valid JSON.");
  const key = keyOf(call);
  const all = property(recordFrom(property(body, "allPipelines")), "authorized") === true;
  const listed = property(body, "pipelines");
  const ids = (Array.isArray(listed) ? (listed as readonly unknown[]) : [])
    .map(recordFrom)
    .filter((one) => property(one, "authorized") === true)
    .map((one) => Number(property(one, "id")));
  const permitted = new Set([
    ...(call.world.permitted.get(key) ?? []),
    ...(all ? call.world.pipelines.keys() : ids),
  ]);
  call.world.permitted.set(key, permitted);
  for (const run of call.world.started) {
    if (!permitted.has(run.spec.id)) continue;
    for (const stage of run.spec.stages) {
      if (resourceOf(stage) !== key) continue;
      run.decisions.push({ stage: stage.name, kind: "Authorization", accepted: true, at: run.elapsed() });
    }
  }
  return readPermissions(call);
}
