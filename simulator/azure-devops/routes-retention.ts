import { toIsoWithTicks } from "../engine/dates.ts";
import type { RetentionLease } from "../engine/state.ts";
import { type ApiResponse, errorResponse, listOf, noContent, ok } from "../http/response.ts";
import { buildNotFound, invalidArgument } from "./error-responses.ts";
import { type ApiRequest, getProperty, objectFrom, parseBody, parseJson, stringFrom } from "./request.ts";
import { route } from "./router.ts";
import { withBuild } from "./routes-builds.ts";

export const retentionRoutes = [
  route("GET", "build/builds/{id}/leases", (request) =>
    withBuild(request, (run) => listOf(request.state.leases.filter(({ runId }) => runId === run.id))),
  ),
  route("POST", "build/retention/leases", addLeases),
  route("GET", "build/retention/leases", listLeases),
  route("DELETE", "build/retention/leases", deleteLeases),
  route("GET", "build/retention/leases/{leaseId}", (request) => withLease(request, ok)),
  route("PATCH", "build/retention/leases/{leaseId}", (request) =>
    withLease(request, (lease) => updateLease(lease, request)),
  ),
  route("GET", "build/retention", (request) => ok(projectRetention(request))),
  route("PATCH", "build/retention", updateProjectRetention),
  route("GET", "build/retention/history", () => ok({ buildRetentionSamples: [] }), { scope: "collection" }),
];

const dayMs = 86_400_000;

function addLeases(request: ApiRequest): ApiResponse {
  const list = parseJson(request.bodyText);
  if (!Array.isArray(list)) return invalidArgument("The request body must be a list of leases.");
  const known = request.state.leases;
  const added: RetentionLease[] = [];
  for (const lease of (list as readonly unknown[]).map(objectFrom)) {
    const runId = Number(getProperty(lease, "runId"));
    const run = request.state.find(runId);
    if (run === undefined) return buildNotFound(runId);
    const now = request.state.clock.now();
    added.push({
      leaseId: (known.at(-1)?.leaseId ?? 0) + added.length + 1,
      ownerId: stringFrom(getProperty(lease, "ownerId")) ?? "",
      runId,
      definitionId: run.spec.id,
      createdOn: toIsoWithTicks(now),
      validUntil: toIsoWithTicks(now + Number(getProperty(lease, "daysValid") ?? 1) * dayMs),
      protectPipeline: getProperty(lease, "protectPipeline") === true,
    });
  }
  known.push(...added);
  return listOf(added);
}

/** By owner, definition and run. */
function listLeases({ state, query }: ApiRequest): ApiResponse {
  const owner = query.get("ownerId");
  const [definitionId, runId] = [query.number("definitionId"), query.number("runId")];
  return listOf(
    state.leases.filter(
      (lease) =>
        (owner === undefined || lease.ownerId === owner) &&
        (definitionId === undefined || lease.definitionId === definitionId) &&
        (runId === undefined || lease.runId === runId),
    ),
  );
}

function deleteLeases({ state, query }: ApiRequest): ApiResponse {
  const ids = query.list("ids").map(Number);
  const kept = state.leases.filter(({ leaseId }) => !ids.includes(leaseId));
  state.leases.splice(0, Infinity, ...kept);
  return noContent;
}

function withLease(request: ApiRequest, handle: (lease: RetentionLease) => ApiResponse): ApiResponse {
  const id = Number(request.params["leaseId"]);
  const lease = request.state.leases.find(({ leaseId }) => leaseId === id);
  if (lease !== undefined) return handle(lease);
  return errorResponse({
    status: 404,
    typeKey: "RetentionLeaseNotFoundException",
    message: `The retention lease ${id} could not be found.`,
  });
}

function updateLease(lease: RetentionLease, request: ApiRequest): ApiResponse {
  const body = parseBody(request);
  if (body === undefined) return invalidArgument("The request body is not valid JSON.");
  const days = getProperty(body, "daysValid");
  const updated: RetentionLease = {
    ...lease,
    ...(typeof days === "number" && {
      validUntil: toIsoWithTicks(request.state.clock.now() + days * dayMs),
    }),
    protectPipeline: (getProperty(body, "protectPipeline") ?? lease.protectPipeline) === true,
  };
  const known = request.state.leases;
  known[known.indexOf(lease)] = updated;
  return ok(updated);
}

const retentionLimits = {
  purgeArtifacts: { min: 1, max: 60, value: 30 },
  purgeRuns: { min: 30, max: 731, value: 30 },
  purgePullRequestRuns: { min: 1, max: 30, value: 10 },
  retainRunsPerProtectedBranch: { min: 0, max: 50, value: 3 },
};

/** Updates use other names than the answers. */
const updateNames: Readonly<Record<keyof typeof retentionLimits, string>> = {
  purgeArtifacts: "artifactsRetention",
  purgeRuns: "runRetention",
  purgePullRequestRuns: "pullRequestRunRetention",
  retainRunsPerProtectedBranch: "retainRunsPerProtectedBranch",
};

function projectRetention({ state }: ApiRequest) {
  return Object.fromEntries(
    Object.entries(retentionLimits).map(([name, limits]) => [
      name,
      { ...limits, value: state.data.settings.retention[name] ?? limits.value },
    ]),
  );
}

function updateProjectRetention(request: ApiRequest): ApiResponse {
  const body = parseBody(request);
  if (body === undefined) return invalidArgument("The request body is not valid JSON.");
  const changed: Record<string, number> = {};
  for (const name of Object.keys(updateNames) as (keyof typeof updateNames)[]) {
    const value = getProperty(objectFrom(getProperty(body, updateNames[name])), "value");
    if (typeof value !== "number") continue;
    const { min, max } = retentionLimits[name];
    if (value < min || value > max)
      return invalidArgument(`The value of ${updateNames[name]} must be between ${min} and ${max}.`);
    changed[name] = value;
  }
  Object.assign(request.state.data.settings.retention, changed);
  return ok(projectRetention(request));
}
