import { type ApiResponse, errorResponse } from "../http/response.ts";
import type { Permission } from "../options.ts";
import type { PipelineSpec } from "../spec.ts";
import type { ApiRequest } from "./request.ts";

/** The 403 of a permission that the caller lacks; undefined if the caller has it. */
export function denyPermission(
  permission: Permission,
  spec: PipelineSpec,
  { state, caller }: ApiRequest,
): ApiResponse | undefined {
  const { quirks, project } = state;
  if (quirks.denied?.includes(permission) !== true) return undefined;
  if (quirks.deniedAs === "AccessCheckException") {
    return errorResponse({
      status: 403,
      typeKey: "AccessCheckException",
      namespace: "Microsoft.VisualStudio.Services.Security",
      message: `Access denied. ${caller.displayName} needs the following permission(s) on the resource ${spec.name} to perform this action: ${permission}`,
    });
  }
  return errorResponse({
    status: 403,
    typeKey: "AccessDeniedException",
    message: `TF215106: Access denied. ${caller.displayName} needs ${permission} permissions for build pipeline ${spec.id}:${spec.name} in team project ${project.name} to perform the action. For more information, contact the Azure DevOps administrator.`,
  });
}
