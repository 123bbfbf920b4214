import { identityNamed } from "../engine/identities.ts";
import type { Run } from "../engine/run.ts";
import type { CheckSchedule, StageSchedule } from "../engine/schedule.ts";
import { checkId } from "../engine/timeline.ts";
import { type ApiResponse, errorResponse, listOf, ok } from "../http/response.ts";
import type { ApprovalSpec } from "../spec.ts";
import { invalidArgument } from "./error-responses.ts";
import { identityRef, link } from "./links.ts";
import { type ApiRequest, getProperty, objectFrom, parseJson, stringFrom } from "./request.ts";
import { route } from "./router.ts";

export const approvalRoutes = [
  route("GET", "pipelines/approvals", listApprovals),
  route("GET", "pipelines/approvals/{id}", readApproval),
  route("PATCH", "pipelines/approvals", updateApprovals),
];

interface Approval {
  readonly id: string;
  readonly run: Run;
  readonly stage: StageSchedule;
  readonly check: CheckSchedule;
  readonly status: "pending" | "approved" | "rejected" | "canceled";
}

/** The approvals that have been asked for by now; each has the id of its timeline record. */
function approvalsOf(request: ApiRequest): Approval[] {
  return request.state.all().flatMap((run) =>
    run.schedule().stages.flatMap((stage) => {
      const check = stage.checks.find((one) => one.kind === "Approval");
      if (check === undefined || check.start > run.elapsed()) return [];
      const id = checkId(run.planId, stage, "Approval");
      return [{ id, run, stage, check, status: approvalStatus(check, run.elapsed()) }];
    }),
  );
}

function approvalStatus(check: CheckSchedule, t: number): Approval["status"] {
  if (t < check.end) return "pending";
  const statuses = { succeeded: "approved", failed: "rejected", canceled: "canceled" } as const;
  return statuses[check.result];
}

function listApprovals(request: ApiRequest): ApiResponse {
  const ids = request.query.list("approvalIds").map((id) => id.toLowerCase());
  const state = request.query.get("state")?.toLowerCase();
  const assignedTo = request.query.list("assignedTo").map((name) => name.toLowerCase());
  const top = request.query.number("top") ?? request.query.number("$top") ?? 1000;
  const matching = approvalsOf(request).filter(
    (one) =>
      (ids.length === 0 || ids.includes(one.id)) &&
      (state === undefined || state === "all" || state === one.status) &&
      (assignedTo.length === 0 || approverNames(one).some((name) => assignedTo.includes(name))),
  );
  return listOf(matching.slice(0, top).map((one) => approvalJson(one, request)));
}

/** The ids and names of the approvers, in lower case. */
function approverNames({ stage }: Approval): string[] {
  return approversOf(specOf(stage))
    .map(identityNamed)
    .flatMap(({ id, displayName, uniqueName }) => [id, displayName, uniqueName])
    .map((name) => name.toLowerCase());
}

function specOf({ spec: { approval } }: StageSchedule): ApprovalSpec {
  return typeof approval === "object" ? approval : {};
}

function approversOf({ approvers = ["Release managers"] }: ApprovalSpec): readonly string[] {
  return approvers;
}

function readApproval(request: ApiRequest): ApiResponse {
  const approval = findApproval(request.params["id"], request);
  return approval === undefined
    ? approvalNotFound(request.params["id"] ?? "")
    : ok(approvalJson(approval, request));
}

function findApproval(id: string | undefined, request: ApiRequest): Approval | undefined {
  return approvalsOf(request).find((one) => one.id === id?.toLowerCase());
}

/** Applies all updates, or none of them. Approvals cannot be deferred or reassigned here. */
function updateApprovals(request: ApiRequest): ApiResponse {
  const updates = parseUpdates(request.bodyText);
  if (updates === undefined) return invalidArgument("The request body must be a list of approval updates.");
  for (const { id } of updates) {
    const approval = findApproval(id, request);
    if (approval === undefined) return approvalNotFound(id);
    if (approval.status !== "pending")
      return invalidArgument(`The approval ${id} is already ${approval.status}.`);
  }
  if (updates.some(({ status }) => status !== "approved" && status !== "rejected"))
    return invalidArgument("The value of the property 'status' is not valid.");
  for (const { id, status, comment } of updates) {
    const approval = findApproval(id, request);
    if (approval === undefined) continue;
    const { run, stage } = approval;
    const by = request.caller.displayName;
    run.decisions.push({
      stage: stage.spec.name,
      kind: "Approval",
      accepted: status === "approved",
      at: run.elapsed(),
      by,
      comment,
    });
  }
  return listOf(
    updates.flatMap(({ id }) => findApproval(id, request) ?? []).map((one) => approvalJson(one, request)),
  );
}

interface Update {
  readonly id: string;
  readonly status: string | undefined;
  readonly comment: string;
}

function parseUpdates(text: string): Update[] | undefined {
  const list = parseJson(text);
  if (!Array.isArray(list)) return undefined;
  return (list as readonly unknown[]).map(objectFrom).map((one) => ({
    id: stringFrom(getProperty(one, "approvalId")) ?? "",
    status: stringFrom(getProperty(one, "status"))?.toLowerCase(),
    comment: stringFrom(getProperty(one, "comment")) ?? "",
  }));
}

/** `$expand` as a number. */
const expandSteps = 1;

function approvalJson(approval: Approval, request: ApiRequest) {
  const { id, run, stage, check, status } = approval;
  const spec = specOf(stage);
  const changed = run.date(status === "pending" ? check.start : check.end);
  const expand = request.query.get("$expand") ?? "";
  const withSteps = expand.toLowerCase().includes("steps") || (Number(expand) & expandSteps) !== 0;
  return {
    id,
    steps: withSteps ? stepsOf(approval, spec, changed, request) : [],
    status,
    createdOn: run.date(check.start),
    lastModifiedOn: changed,
    executionOrder: spec.executionOrder ?? "anyOrder",
    minRequiredApprovers: spec.minRequiredApprovers ?? 1,
    blockedApprovers: [],
    instructions: spec.instructions ?? "",
    pipeline: { owner: { id: run.id, name: run.name }, id: String(run.spec.id), name: run.spec.name },
    _links: { self: link(`${request.projectUrl}/_apis/pipelines/approvals/${id}`) },
  };
}

/** In a sequence only the first approver can act yet. */
function stepsOf(approval: Approval, spec: ApprovalSpec, changed: string, request: ApiRequest) {
  const { check, status, run } = approval;
  return approversOf(spec).map((name, index) => {
    const isWaiting = spec.executionOrder === "inSequence" && index > 0 && status === "pending";
    const approver = identityRef(identityNamed(name), request);
    const actual =
      check.by === undefined || status === "pending" ? null : identityRef(identityNamed(check.by), request);
    return {
      assignedApprover: approver,
      actualApprover: index === 0 ? actual : null,
      status: isWaiting ? "uninitiated" : status,
      comment: check.comment ?? "",
      lastModifiedOn: changed,
      order: index + 1,
      lastModifiedBy: actual ?? approver,
      initiatedOn: isWaiting ? null : run.date(check.start),
      history: [],
    };
  });
}

function approvalNotFound(id: string): ApiResponse {
  return errorResponse({
    status: 404,
    typeKey: "ApprovalNotFoundException",
    namespace: "Microsoft.Azure.Pipelines.Approval.WebApi",
    message: `The approval ${id} does not exist.`,
  });
}
