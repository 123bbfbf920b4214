import { type Answer, noContent, ok, problem } from "./answer.ts";
import { buildAnswer } from "./answers-build.ts";
import { currentEntries, earlierTimeline, timelineAnswer } from "./answers-timeline.ts";
import { bodyOf, type Call, property } from "./call.ts";
import { enumWord } from "./enums.ts";
import { isRetryable } from "./model.ts";
import { badArgument, buildUnknown, definitionUnknown, denied } from "./problems.ts";
import { route } from "./router.ts";
import { type Run, standingOf } from "./run.ts";
import { readBuildOrder } from "./start.ts";

export const buildRoutes = [
  route("POST", "build/builds", queueBuild),
  route("GET", "build/builds/{id}", (call) => withBuild(call, (run) => ok(buildAnswer(run, call)))),
  route("PATCH", "build/builds/{id}", (call) => withBuild(call, (run) => updateBuild(run, call))),
  route("GET", "build/builds/{id}/timeline", (call) => withBuild(call, (run) => mainTimeline(run, call))),
  route("GET", "build/builds/{id}/timeline/{timelineId}", (call) =>
    withBuild(call, (run) => timeline(run, call)),
  ),
  route("PATCH", "build/builds/{id}/stages/{stage}", (call) =>
    withBuild(call, (run) => updateStage(run, call)),
  ),
];

export function withBuild(call: Call, answer: (run: Run) => Answer): Answer {
  const id = call.params["id"] ?? "";
  const run = call.world.find(Number(id));
  if (run === undefined) return buildUnknown(id);
  const { quirks, project } = call.world;
  if (quirks.denied?.includes("View builds"))
    return denied("View builds", run.spec, call.caller, project.name);
  return answer(run);
}

function queueBuild(call: Call): Answer {
  const body = bodyOf(call);
  if (body === undefined) return badArgument("The request body is not valid JSON.");
  const definition = property(body, "definition") as Readonly<Record<string, unknown>> | null | undefined;
  const id = Number(property(definition ?? {}, "id") ?? call.query.number("definitionId"));
  const spec = call.world.pipelines.get(id);
  if (spec === undefined) return definitionUnknown(id);
  const { quirks, project } = call.world;
  if (quirks.denied?.includes("Queue builds")) return denied("Queue builds", spec, call.caller, project.name);
  const wanted = readBuildOrder(spec, body, call);
  if ("refusals" in wanted) return validationFailed(wanted.refusals);
  if (spec.disabled === true) return validationFailed([`The build pipeline ${spec.name} is disabled.`]);
  if (wanted.overrides && quirks.denied?.includes("Edit queue build configuration")) {
    return denied("Edit queue build configuration", spec, call.caller, project.name);
  }
  return ok(buildAnswer(call.world.start(spec, wanted.order), call));
}

/** The reasons are only in the custom properties. */
function validationFailed(messages: readonly string[]): Answer {
  return problem({
    status: 400,
    typeKey: "BuildRequestValidationFailedException",
    message: "Could not queue the build because there were validation errors or warnings.",
    customProperties: { ValidationResults: messages.map((message) => ({ result: "error", message })) },
  });
}

function updateBuild(run: Run, call: Call): Answer {
  const body = bodyOf(call);
  if (body === undefined) return badArgument("The request body is not valid JSON.");
  if (call.query.one("retry")?.toLowerCase() === "true") return retryBuild(run, call);
  const status = enumWord("status", property(body, "status"));
  return status === "cancelling" ? cancelBuild(run, call) : ok(buildAnswer(run, call));
}

function cancelBuild(run: Run, call: Call): Answer {
  const { quirks, project } = call.world;
  if (quirks.denied?.includes("Stop builds"))
    return denied("Stop builds", run.spec, call.caller, project.name);
  const { status } = standingOf(run, run.elapsed());
  if (status === "completed" && quirks.cancelFinished === 400) {
    return problem({
      status: 400,
      typeKey: "BuildStatusInvalidChangeException",
      message: `The status of build ${run.id} cannot be changed: it is completed.`,
    });
  }
  if (status !== "completed" && status !== "cancelling") run.cancels.push({ at: run.elapsed() });
  return ok(buildAnswer(run, call));
}

function retryBuild(run: Run, call: Call): Answer {
  const plan = run.plan();
  const running = plan.stages.find((stage) => run.elapsed() < stage.end);
  if (running !== undefined) {
    return refused(
      `Unable to retry the pipeline because stage ${running.spec.name} is currently in progress.`,
    );
  }
  if (!isRetryable(plan, undefined, false)) {
    return refused("Unable to retry the pipeline because no stage has failed.");
  }
  const shape = call.world.quirks.retryShape ?? "stage";
  run.retries.push({ at: run.elapsed(), allJobs: false, shape });
  return ok(buildAnswer(run, call));
}

function updateStage(run: Run, call: Call): Answer {
  const body = bodyOf(call);
  if (body === undefined) return badArgument("The request body is not valid JSON.");
  const name = call.params["stage"] ?? "";
  const stage = run.plan().stages.find((one) => one.spec.name.toLowerCase() === name.toLowerCase());
  if (stage === undefined) return refused(`Unable to find stage ${name}.`);
  const done: Answer = { status: 200, body: "" };
  const state = enumWord("stageUpdate", property(body, "state"));
  if (state === "cancel") {
    run.cancels.push({ at: run.elapsed(), stage: stage.spec.name });
    return done;
  }
  if (state !== "retry") return refused(`The state '${state ?? ""}' cannot be asked for.`);
  const at = run.elapsed();
  const ran = stage.start < Infinity || stage.checks.length > 0;
  if (!ran || at < stage.ready)
    return refused(`Unable to retry stage ${name} because it has never been run.`);
  if (at < stage.end)
    return refused(`Unable to retry the pipeline because stage ${name} is currently in progress.`);
  const allJobs = property(body, "forceRetryAllJobs") === true;
  if (!isRetryable(run.plan(), stage.spec.name, allJobs))
    return refused(`Unable to retry stage ${name}: nothing in it failed.`);
  run.retries.push({ at, stage: stage.spec.name, allJobs, shape: "stage" });
  return done;
}

function refused(message: string): Answer {
  return problem({ status: 400, typeKey: "BuildException", message });
}

function timeline(run: Run, call: Call): Answer {
  const id = (call.params["timelineId"] ?? "").toLowerCase();
  if (id === run.planId) return mainTimeline(run, call);
  currentEntries(run, call);
  const answer = earlierTimeline(run, id, call);
  if (answer !== undefined) return ok(answer);
  return problem({
    status: 404,
    typeKey: "TimelineNotFoundException",
    message: `The requested timeline ${id} could not be found.`,
  });
}

/** Nothing at first, and nothing any more for the runs of the past. */
function mainTimeline(run: Run, call: Call): Answer {
  const { firstTimelines = 0, recordsNull = 0, unchangedTimeline } = call.world.quirks;
  run.counts.timelines += 1;
  const nth = run.counts.timelines;
  if (nth <= firstTimelines || run.plan().stages.length === 0) return noContent;
  const entries = currentEntries(run, call);
  const since = call.query.number("changeId");
  const answer = timelineAnswer(run, entries, since, call);
  if (recordsNull === true || nth <= firstTimelines + Number(recordsNull))
    return ok({ ...answer, records: null });
  const unchanged = since !== undefined && answer.records.length === 0;
  return unchanged && unchangedTimeline === "204" ? noContent : ok(answer);
}
