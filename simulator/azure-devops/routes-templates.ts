import { type ApiResponse, errorResponse, listOf, noContent, ok } from "../http/response.ts";
import { invalidArgument } from "./error-responses.ts";
import { type ApiRequest, parseBody } from "./request.ts";
import { route } from "./router.ts";

/** Templates of classic definitions. */
export const templateRoutes = [
  route("GET", "build/definitions/templates", ({ state }) => listOf([...state.data.templates.values()])),
  route("GET", "build/definitions/templates/{templateId}", readTemplate),
  route("PUT", "build/definitions/templates/{templateId}", saveTemplate),
  route("DELETE", "build/definitions/templates/{templateId}", ({ state, params }) => {
    state.data.templates.delete(params["templateId"] ?? "");
    return noContent;
  }),
];

function readTemplate({ state, params }: ApiRequest): ApiResponse {
  const id = params["templateId"] ?? "";
  const template = state.data.templates.get(id);
  if (template !== undefined) return ok(template);
  return errorResponse({
    status: 404,
    typeKey: "DefinitionTemplateNotFoundException",
    message: `The definition template ${id} could not be found.`,
  });
}

function saveTemplate(request: ApiRequest): ApiResponse {
  const id = request.params["templateId"] ?? "";
  const body = parseBody(request);
  if (body === undefined) return invalidArgument("The request body is not valid JSON.");
  const template = { category: "Custom", canDelete: true, ...body, id };
  request.state.data.templates.set(id, template);
  return ok(template);
}
