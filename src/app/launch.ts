import type { ArtifactStore, Clock, Host, Pipelines, SignIn } from "../ports.ts";
import { readInputs, type Inputs } from "../inputs.ts";
import { play, type Workflow } from "./play.ts";
import type { Fact } from "./bug-report.ts";
import { createCourse, type Course } from "./course.ts";
import { createOutputs } from "./outputs.ts";
import type { Means } from "./means.ts";
import type { Scene } from "./scene.ts";
import { secretInputs } from "../inputs/fields.ts";
import { ActionError, calledOff, reasonOf } from "../errors.ts";
import { report } from "./report.ts";
import { within } from "./within.ts";
import { abort } from "./abort.ts";
import type { Verdict } from "../render/report.ts";

/** What surrounds the action: the job, time, Azure DevOps, and the signal that the job was cancelled. */
export interface Outside {
  readonly host: Host;
  readonly clock: Clock;
  readonly input: (name: string) => string;
  readonly connect: (inputs: Inputs) => Connection;
  readonly workflow: Workflow;
  /** What this step runs on, for a report of an error. */
  readonly surroundings: () => readonly Fact[];
  readonly signal: AbortSignal;
}

export interface Connection {
  readonly pipelines: Pipelines;
  readonly signIn: SignIn;
  readonly store: ArtifactStore;
}

/** From the first signal to the last word. The runner kills ten seconds after it. */
const abortAtMostMs = 5_800;

/** Runs the action and answers with its exit code. The only place that catches. */
export async function launch(outside: Outside): Promise<0 | 1> {
  const { host, clock, signal, workflow } = outside;
  const course = createCourse(host);
  const abortedAt = momentOf(signal, clock);
  const outputs = createOutputs(host);
  let cast: { readonly inputs: Inputs; readonly means: Means } | undefined;
  let scene: Scene | undefined;
  const circumstances = () => ({ ...outside, surroundings: outside.surroundings(), inputs: cast?.inputs });
  try {
    for (const name of secretInputs) host.mask(outside.input(name));
    const inputs = await readInputs(outside.input);
    for (const secret of Object.values(inputs.secretVariables ?? {})) host.mask(secret);
    const means: Means = { host, clock, outputs, ...outside.connect(inputs) };
    cast = { inputs, means };
    const onScene = (entered: Scene) => {
      scene = entered;
    };
    const verdict = await play({ inputs, means, course, workflow, onScene }, signal);
    settle(course, scene);
    return verdict === "failed" ? 1 : 0;
  } catch (error) {
    if (signal.aborted) {
      const becameOfRun =
        cast === undefined
          ? "No run was started."
          : await interrupted(
              { ...cast, course, scene, isSecond: signal.reason === calledOff },
              leftMs(clock, abortedAt()),
            );
      const cancelled = new ActionError("canceled", `The job was cancelled. ${becameOfRun}`);
      report(cancelled, { host, outputs, circumstances });
    } else {
      const aboutRun = leftAlone(error, course, cast?.means);
      await ended(error, { course, scene }, signal);
      report(error, { host, outputs, aboutRun, circumstances });
    }
    return 1;
  }
}

interface Interrupted {
  readonly inputs: Inputs;
  readonly means: Means;
  readonly course: Course;
  readonly scene: Scene | undefined;
  /** The post step is at it already. */
  readonly isSecond: boolean;
}

/** What can be done before the runner kills: the run first, then what tells of it. */
async function interrupted(
  { inputs, means, course, scene, isSecond }: Interrupted,
  ms: number,
): Promise<string> {
  const { phase } = course;
  const isLeftAlone = phase.at === "following" && !(inputs.cancelOnAbort ?? phase.isOurs);
  return await within(ms, means.clock, async (limit) => {
    const becameOfRun = await abort(
      { ...means, course, cancelOnAbort: inputs.cancelOnAbort, isSecond },
      limit,
    ).catch((error: unknown) => `What became of the run is not known (${reasonOf(error)}).`);
    const goesOn = isLeftAlone || course.phase.at === "following";
    // The summary has the address already.
    const fate = { text: becameOfRun.replace(`: ${course.sight?.run.url}`, "."), goesOn };
    await leaveWord({ kind: "canceled", text: "the job was cancelled", fate }, { course, scene }, limit);
    return becameOfRun;
  });
}

/** When the signal came, once it has. */
function momentOf(signal: AbortSignal, clock: Clock): () => number | undefined {
  let moment: number | undefined;
  signal.addEventListener("abort", () => {
    moment = clock.now();
  });
  return () => moment;
}

function leftMs(clock: Clock, abortedAt = clock.now()): number {
  return Math.max(0, abortAtMostMs - (clock.now() - abortedAt));
}

/** Whoever reads only the error should know where the run is, and whether it goes on. */
function leftAlone(error: unknown, { phase, sight }: Course, means: Means | undefined): string | undefined {
  if (phase.at !== "following" || means === undefined) return undefined;
  const url = sight?.run.url ?? means.pipelines.webAddress(phase.runId);
  // The same run has an address with the project's name and one with its GUID.
  const isNamed =
    error instanceof Error && [url, `buildId=${phase.runId}`].some((known) => error.message.includes(known));
  if (isNamed) return undefined;
  return sight?.run.status === "completed" ? `The run is over: ${url}` : `The run was left alone: ${url}`;
}

/** An end of the action's own, however bad: the run is left alone. */
async function ended(
  error: unknown,
  { course, scene }: Pick<Interrupted, "course" | "scene">,
  signal: AbortSignal,
): Promise<void> {
  const { phase } = course;
  if (phase.at === "following") course.enter({ at: "left", runId: phase.runId });
  // What ended as planned has said all this itself.
  if (!(error instanceof ActionError && error.code === "timeout")) {
    const text = error instanceof ActionError ? error.code : "internal";
    await leaveWord({ kind: "error", text: `the action gave up (${text})` }, { course, scene }, signal);
  }
  settle(course, scene);
}

/** Nothing is left for the post step, unless a sign has not had its last word. */
function settle(course: Course, scene: Scene | undefined): void {
  const { phase } = course;
  const isOwed = scene?.signs.areOwed() === true && "runId" in phase;
  course.enter(isOwed ? { at: "left", runId: phase.runId } : { at: "settled" });
}

type Word = Verdict & { readonly kind: "canceled" | "error" };

/** Outputs, summary and signs of a run whose end the step did not see. Without a scene there is nobody to tell. */
async function leaveWord(
  verdict: Word,
  { course, scene }: Pick<Interrupted, "course" | "scene">,
  signal: AbortSignal,
): Promise<void> {
  if (scene === undefined) return;
  try {
    const { lastWords } = await import("./last-words.ts");
    await lastWords(verdict, { sight: course.sight, scene }, signal);
  } catch (error) {
    scene.means.host.write([
      { type: "warning", text: `Not all could be told of the run: ${reasonOf(error)}` },
    ]);
  }
}
