import { type ApiResponse, errorResponse, listOf, noContent, ok } from "../http/response.ts";
import { invalidArgument } from "./error-responses.ts";
import { identityRef } from "./links.ts";
import { type ApiRequest, getProperty, objectFrom, parseBody, stringFrom } from "./request.ts";
import { route } from "./router.ts";

const collection = { scope: "collection" } as const;

/** They are read in a project and written in the organization, since projects can share them. */
export const variableGroupRoutes = [
  route("GET", "distributedtask/variablegroups", listGroups),
  route("GET", "distributedtask/variablegroups/{id}", (request) => withGroup(request, ok)),
  route("POST", "distributedtask/variablegroups", createGroup, collection),
  route("PUT", "distributedtask/variablegroups/{id}", updateGroup, collection),
  route("DELETE", "distributedtask/variablegroups/{id}", deleteGroup, collection),
];

function listGroups({ state, query }: ApiRequest): ApiResponse {
  const ids = query.list("groupIds").map(Number);
  const name = query.get("groupName")?.toLowerCase();
  return listOf(
    [...state.data.variableGroups].flatMap(([id, group]) => {
      const isNamed = name === undefined || String(group["name"]).toLowerCase() === name;
      return (ids.length === 0 || ids.includes(id)) && isNamed ? [group] : [];
    }),
  );
}

function withGroup(
  request: ApiRequest,
  handle: (group: Readonly<Record<string, unknown>>) => ApiResponse,
): ApiResponse {
  const id = Number(request.params["id"]);
  const group = request.state.data.variableGroups.get(id);
  if (group !== undefined) return handle(group);
  return errorResponse({
    status: 404,
    typeKey: "VariableGroupNotFoundException",
    namespace: "Microsoft.TeamFoundation.DistributedTask.WebApi",
    message: `Variable group with ID ${id} does not exist.`,
  });
}

function createGroup(request: ApiRequest): ApiResponse {
  const { variableGroups } = request.state.data;
  const body = parseBody(request);
  const name = stringFrom(getProperty(body, "name"));
  if (name === undefined) return invalidArgument("A value is required for the property 'name'.");
  const id = Math.max(0, ...variableGroups.keys()) + 1;
  const changed = modified(request);
  const created = { createdBy: changed.modifiedBy, createdOn: changed.modifiedOn };
  const group = { ...groupFields(name, body), id, ...created, ...changed };
  variableGroups.set(id, group);
  return ok(group);
}

function updateGroup(request: ApiRequest): ApiResponse {
  return withGroup(request, (group) => {
    const body = parseBody(request);
    const name = stringFrom(getProperty(body, "name")) ?? String(group["name"]);
    const updated = { ...group, ...groupFields(name, body), ...modified(request) };
    request.state.data.variableGroups.set(Number(request.params["id"]), updated);
    return ok(updated);
  });
}

function deleteGroup(request: ApiRequest): ApiResponse {
  return withGroup(request, () => {
    request.state.data.variableGroups.delete(Number(request.params["id"]));
    return noContent;
  });
}

function modified(request: ApiRequest) {
  return {
    modifiedBy: identityRef(request.caller, request),
    modifiedOn: new Date(request.state.clock.now()).toISOString(),
  };
}

/** The value of a secret is never returned. */
function groupFields(name: string, body: Readonly<Record<string, unknown>> | undefined) {
  const variables = Object.entries(objectFrom(getProperty(body, "variables")) ?? {}).map(
    ([key, variable]) => {
      const isSecret = getProperty(objectFrom(variable), "isSecret") === true;
      return [key, isSecret ? { value: null, isSecret } : variable] as const;
    },
  );
  return {
    variables: Object.fromEntries(variables),
    type: stringFrom(getProperty(body, "type")) ?? "Vsts",
    name,
    description: stringFrom(getProperty(body, "description")) ?? "",
    isShared: false,
    variableGroupProjectReferences: getProperty(body, "variableGroupProjectReferences") ?? [],
  };
}
