import { type Answer, listOf, ok } from "./answer.ts";
import type { Call } from "./call.ts";
import { guidFrom } from "./ids.ts";
import { identityRef, projectRef } from "./links.ts";
import { locations, resourceAreas } from "./locations.ts";
import { isSame } from "./model.ts";
import { projectUnknown } from "./problems.ts";
import { route } from "./router.ts";

const collection = { scope: "collection" } as const;

export const coreRoutes = [
  route("GET", "connectionData", connectionData, { ...collection, previewOnly: true }),
  route("GET", "projects", (call) => listOf([projectRef(call)]), collection),
  route("GET", "projects/{name}", readProject, collection),
  route(
    "GET",
    "ResourceAreas",
    (call) => listOf(resourceAreas.map((area) => areaAnswer(area, call))),
    collection,
  ),
  route("GET", "ResourceAreas/{id}", readArea, collection),
  route("OPTIONS", "", () => listOf(locations), collection),
  route("OPTIONS", "{area}", (call) => listOf(locationsOf(call.params["area"] ?? "")), collection),
];

function locationsOf(area: string) {
  return locations.filter((one) => isSame(one.area, area));
}

function readProject(call: Call): Answer {
  const name = call.params["name"] ?? "";
  const project = projectRef(call);
  return isSame(name, project.id) || isSame(name, project.name) ? ok(project) : projectUnknown(name);
}

function areaAnswer(area: { readonly id: string; readonly name: string }, call: Call) {
  return { ...area, locationUrl: `${call.collection}/` };
}

function readArea(call: Call): Answer {
  const area = resourceAreas.find((one) => isSame(one.id, call.params["id"] ?? ""));
  return ok(area === undefined ? null : areaAnswer(area, call));
}

function connectionData(call: Call): Answer {
  const { id, descriptor, displayName, uniqueName } = identityRef(call.caller, call);
  const user = {
    id,
    descriptor: `Microsoft.IdentityModel.Claims.ClaimsIdentity;${uniqueName}`,
    subjectDescriptor: descriptor,
    providerDisplayName: displayName,
    isActive: true,
    properties: { Account: { $type: "System.String", $value: uniqueName } },
    resourceVersion: 2,
    metaTypeId: 0,
  };
  return ok({
    authenticatedUser: user,
    authorizedUser: user,
    instanceId: guidFrom(`instance ${call.collection}`),
    deploymentId: guidFrom("deployment"),
    deploymentType: "hosted",
    locationServiceData: {
      serviceOwner: guidFrom("service owner"),
      defaultAccessMappingMoniker: "PublicAccessMapping",
      lastChangeId: 1,
      lastChangeId64: 1,
    },
  });
}
