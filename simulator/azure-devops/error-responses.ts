import { type ApiResponse, errorResponse } from "../http/response.ts";
import type { PipelineSpec } from "../spec.ts";

// Errors that several routes return. Clients match on typeKey; the messages are those of an English server.

export function projectNotFound(name: string): ApiResponse {
  return errorResponse({
    status: 404,
    typeKey: "ProjectDoesNotExistWithNameException",
    namespace: "Microsoft.TeamFoundation.Core.WebApi",
    message: `TF200016: The following project does not exist: ${name}. Verify that the name of the project is correct and that the project exists on the specified Azure DevOps Server.`,
  });
}

export function projectForbidden(id: string): ApiResponse {
  return errorResponse({
    status: 400,
    typeKey: "ProjectDoesNotExistException",
    namespace: "Microsoft.TeamFoundation.Core.WebApi",
    message: `VS800075: The project with id 'vstfs:///Classification/TeamProject/${id}' does not exist, or you do not have permission to access it.`,
  });
}

/** A permanent error, although it is a 500. */
export function pipelineNotFound(id: string | number): ApiResponse {
  return errorResponse({
    status: 500,
    typeKey: "PipelineNotFoundException",
    namespace: "Microsoft.Azure.Pipelines.WebApi",
    message: `The pipeline '${id}' does not exist`,
  });
}

export function definitionNotFound(id: string | number): ApiResponse {
  return errorResponse({
    status: 404,
    typeKey: "DefinitionNotFoundException",
    message: `The definition with ID ${id} does not exist or you do not have permission to view it.`,
  });
}

export function buildNotFound(id: string | number): ApiResponse {
  return errorResponse({
    status: 404,
    typeKey: "BuildNotFoundException",
    message: `The requested build ${id} could not be found.`,
  });
}

export function noBuildOfDefinition(id: number): ApiResponse {
  return errorResponse({
    status: 404,
    typeKey: "BuildNotFoundException",
    message: `No completed builds were found for definition ${id}.`,
  });
}

export function invalidBuildQuery(message: string): ApiResponse {
  return errorResponse({ status: 400, typeKey: "InvalidBuildQueryException", message });
}

export function pipelineValidationFailed(messages: readonly string[]): ApiResponse {
  return errorResponse({
    status: 400,
    typeKey: "PipelineValidationException",
    namespace: "Microsoft.Azure.Pipelines.WebApi",
    message: messages.join("\n"),
  });
}

export function pipelineDisabled(spec: PipelineSpec): ApiResponse {
  return errorResponse({
    status: 409,
    typeKey: "DefinitionDisabledException",
    message: `The build pipeline ${spec.name} (ID:${spec.id}) is disabled. You cannot queue builds for it.`,
  });
}

export function invalidArgument(message: string, status = 400): ApiResponse {
  return errorResponse({
    status,
    typeKey: "VssPropertyValidationException",
    namespace: "Microsoft.VisualStudio.Services.Common",
    message,
  });
}

/** What a client that sends a form instead of JSON gets. */
export function contentTypeNotSupported(
  contentType: string,
  method: string,
  supported: readonly string[],
): ApiResponse {
  return errorResponse({
    status: 400,
    typeKey: "VssRequestContentTypeNotSupportedException",
    namespace: "Microsoft.VisualStudio.Services.WebApi",
    message: `The request indicated a Content-Type of "${contentType}" for method type "${method}" which is not supported. Valid content types for this method are: ${supported.join(", ")}.`,
  });
}

/** What the Runs API says about a body that it cannot read. */
export function runParametersMissing(): ApiResponse {
  return errorResponse({
    status: 400,
    typeKey: "ArgumentNullException",
    typeName: "System.ArgumentNullException, mscorlib",
    eventId: 0,
    message: "Value cannot be null.\r\nParameter name: runParameters",
  });
}

/** What the Build API says about a body that it cannot read. */
export function unreadableBuild(): ApiResponse {
  return errorResponse({
    status: 400,
    typeKey: "RequestContentException",
    message:
      "This request expects an object in the request body, but the supplied data could not be deserialized.",
  });
}

/** ASP.NET's own answer to a method that the route does not have, wrapped as a list is. */
export function methodNotAllowed(method: string): ApiResponse {
  const value = { Message: `The requested resource does not support http method '${method}'.` };
  return { status: 405, type: "application/json; charset=utf-8", json: { count: 1, value } };
}

/** ASP.NET's own answer where there is no route: plain text, no envelope. */
export function routeNotFound(path: string): ApiResponse {
  const message = `The controller for path '${path}' was not found or does not implement IController.`;
  return {
    status: 404,
    type: "text/plain; charset=utf-8",
    headers: { "x-tfs-serviceerror": encodeURIComponent(message) },
    body: message,
  };
}
