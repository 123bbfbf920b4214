import type { Run } from "../engine/run.ts";
import type { CheckSchedule, StageSchedule } from "../engine/schedule.ts";
import { checkId } from "../engine/timeline.ts";
import { type ApiResponse, errorResponse, ok } from "../http/response.ts";
import { link } from "./links.ts";
import type { ApiRequest } from "./request.ts";
import { route } from "./router.ts";

export const checkRoutes = [
  route("GET", "pipelines/checks/runs/{suiteId}", readCheckSuite, { previewOnly: true }),
];

/** The types of checks have the same ids in every organization. */
const checkTypes = {
  Authorization: { id: "e1a1fc6c-c278-4492-ae1c-c42f8697612c", name: "Authorization" },
  Approval: { id: "8c6f20a7-a545-4486-9777-f762fafe0d4d", name: "Approval" },
  TaskCheck: { id: "fe1de3ee-a436-41b4-bb20-f6eb4cb879a7", name: "Task Check" },
};

/** All checks of one stage; their suite has the id of the stage's Checkpoint record. */
function readCheckSuite(request: ApiRequest): ApiResponse {
  const id = (request.params["suiteId"] ?? "").toLowerCase();
  for (const run of request.state.all()) {
    const stage = run.schedule().stages.find((one) => checkId(run.planId, one, "Checkpoint") === id);
    if (stage !== undefined) return ok(suiteJson(id, run, stage, request));
  }
  return errorResponse({
    status: 404,
    typeKey: "CheckSuiteNotFoundException",
    namespace: "Microsoft.Azure.Pipelines.Checks.WebApi",
    message: `The check suite ${id} does not exist.`,
  });
}

function suiteJson(id: string, run: Run, stage: StageSchedule, request: ApiRequest) {
  const at = run.elapsed();
  const checks = stage.checks.filter((check) => check.start <= at);
  const open = checks.filter((check) => at < check.end);
  const rejected = checks.find((check) => at >= check.end && check.result !== "succeeded");
  const status = rejected === undefined ? (open.length > 0 ? "running" : "approved") : statusOf(rejected, at);
  return {
    id,
    status,
    message: "",
    checkRuns: checks.map((check) => checkRunJson(check, run, stage, request)),
    context: { "Pipeline.Id": run.id },
    _links: { self: link(`${request.projectUrl}/_apis/pipelines/checks/runs/${id}`) },
  };
}

function checkRunJson(check: CheckSchedule, run: Run, stage: StageSchedule, request: ApiRequest) {
  const configuration = stage.checks.indexOf(check) + 1;
  const at = run.elapsed();
  return {
    id: checkId(run.planId, stage, check.key),
    createdDate: run.date(check.start),
    ...(at >= check.end && { completedDate: run.date(check.end) }),
    checkConfigurationRef: {
      id: configuration,
      type: checkTypes[check.kind],
      name: check.name,
      url: `${request.projectUrl}/_apis/pipelines/checks/configurations/${configuration}`,
      resource: { type: "environment", id: "1" },
    },
    status: statusOf(check, at),
    resultMessage: "",
  };
}

function statusOf(check: CheckSchedule, at: number): "running" | "approved" | "rejected" | "canceled" {
  if (at < check.end) return "running";
  const statuses = { succeeded: "approved", failed: "rejected", canceled: "canceled" } as const;
  return statuses[check.result];
}
