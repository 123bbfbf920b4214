import { type Answer, listOf, ok, problem } from "./answer.ts";
import { type Call, property, recordFrom, textOf } from "./call.ts";
import { identityNamed, identityRef, link } from "./links.ts";
import type { CheckPlan, StagePlan } from "./plan.ts";
import { badArgument } from "./problems.ts";
import { route } from "./router.ts";
import type { Run } from "./run.ts";
import type { ApprovalSpec } from "./spec.ts";
import { checkId } from "./timeline.ts";

export const approvalRoutes = [
  route("GET", "pipelines/approvals", listApprovals),
  route("GET", "pipelines/approvals/{id}", readApproval),
  route("PATCH", "pipelines/approvals", updateApprovals),
];

interface Approval {
  readonly id: string;
  readonly run: Run;
  readonly stage: StagePlan;
  readonly check: CheckPlan;
  readonly status: "pending" | "approved" | "rejected" | "canceled";
}

/** The approvals that have been asked for by now; each has the id of its timeline record. */
function approvalsOf(call: Call): Approval[] {
  return call.world.started.flatMap((run) =>
    run.plan().stages.flatMap((stage) => {
      const check = stage.checks.find((one) => one.kind === "Approval");
      if (check === undefined || check.start > run.elapsed()) return [];
      const id = checkId(run.planId, stage, "Approval");
      return [{ id, run, stage, check, status: statusOf(check, run.elapsed()) }];
    }),
  );
}

function statusOf(check: CheckPlan, t: number): Approval["status"] {
  if (t < check.end) return "pending";
  const words = { succeeded: "approved", failed: "rejected", canceled: "canceled" } as const;
  return words[check.result];
}

function listApprovals(call: Call): Answer {
  const ids = call.query.list("approvalIds").map((id) => id.toLowerCase());
  const state = call.query.one("state")?.toLowerCase();
  const top = call.query.number("top") ?? call.query.number("$top") ?? 1000;
  const wanted = approvalsOf(call).filter(
    (one) =>
      (ids.length === 0 || ids.includes(one.id)) &&
      (state === undefined || state === "all" || state === one.status),
  );
  return listOf(wanted.slice(0, top).map((one) => approvalAnswer(one, call)));
}

function readApproval(call: Call): Answer {
  const approval = find(call.params["id"], call);
  return approval === undefined
    ? unknownApproval(call.params["id"] ?? "")
    : ok(approvalAnswer(approval, call));
}

function find(id: string | undefined, call: Call): Approval | undefined {
  return approvalsOf(call).find((one) => one.id === id?.toLowerCase());
}

/** All or none of what the list says. */
function updateApprovals(call: Call): Answer {
  const updates = updatesOf(call.bodyText);
  if (updates === undefined) return badArgument("The request body must be a list of approval updates.");
  for (const { id } of updates) {
    const approval = find(id, call);
    if (approval === undefined) return unknownApproval(id);
    if (approval.status !== "pending")
      return badArgument(`The approval ${id} is already ${approval.status}.`);
  }
  for (const { id, accepted, comment } of updates) {
    const approval = find(id, call);
    if (approval === undefined) continue;
    const { run, stage } = approval;
    const by = call.caller.displayName;
    run.decisions.push({
      stage: stage.spec.name,
      kind: "Approval",
      accepted,
      at: run.elapsed(),
      by,
      comment,
    });
  }
  return listOf(updates.flatMap(({ id }) => find(id, call) ?? []).map((one) => approvalAnswer(one, call)));
}

interface Update {
  readonly id: string;
  readonly accepted: boolean;
  readonly comment: string;
}

function updatesOf(text: string): Update[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list)) return undefined;
    return list.map(recordFrom).map((one) => ({
      id: textOf(property(one, "approvalId")) ?? "",
      accepted: textOf(property(one, "status"))?.toLowerCase() === "approved",
      comment: textOf(property(one, "comment")) ?? "",
    }));
  } catch {
    return undefined;
  }
}

function approvalAnswer(approval: Approval, call: Call) {
  const { id, run, stage, check, status } = approval;
  const spec: ApprovalSpec = typeof stage.spec.approval === "object" ? stage.spec.approval : {};
  const changed = run.date(status === "pending" ? check.start : check.end);
  const withSteps = call.query.one("$expand")?.toLowerCase().includes("steps") === true;
  return {
    id,
    steps: withSteps ? stepsOf(approval, spec, changed, call) : [],
    status,
    createdOn: run.date(check.start),
    lastModifiedOn: changed,
    executionOrder: spec.executionOrder ?? "anyOrder",
    minRequiredApprovers: spec.minRequiredApprovers ?? 1,
    blockedApprovers: [],
    instructions: spec.instructions ?? "",
    pipeline: { owner: { id: run.id, name: run.name }, id: String(run.spec.id), name: run.spec.name },
    _links: { self: link(`${call.home}/_apis/pipelines/approvals/${id}`) },
  };
}

/** In a sequence, who is not first cannot act yet. */
function stepsOf(approval: Approval, spec: ApprovalSpec, changed: string, call: Call) {
  const { check, status, run } = approval;
  return (spec.approvers ?? ["Release managers"]).map((name, index) => {
    const waits = spec.executionOrder === "inSequence" && index > 0 && status === "pending";
    const who = identityRef(identityNamed(name), call);
    const actual =
      check.by === undefined || status === "pending" ? null : identityRef(identityNamed(check.by), call);
    return {
      assignedApprover: who,
      actualApprover: index === 0 ? actual : null,
      status: waits ? "uninitiated" : status,
      comment: check.comment ?? "",
      lastModifiedOn: changed,
      order: index + 1,
      lastModifiedBy: actual ?? who,
      initiatedOn: waits ? null : run.date(check.start),
      history: [],
    };
  });
}

function unknownApproval(id: string): Answer {
  return problem({
    status: 404,
    typeKey: "ApprovalNotFoundException",
    namespace: "Microsoft.Azure.Pipelines.Approval.WebApi",
    message: `The approval ${id} does not exist.`,
  });
}
