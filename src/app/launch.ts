import type { Trigger } from "../core/default-ref.ts";
import { ActionError } from "../errors.ts";
import { type Inputs, readInputs } from "../inputs.ts";
import type { Clock, Host, Pipelines, SignIn } from "../ports.ts";
import { abort } from "./abort.ts";
import { begin, prepare } from "./begin.ts";
import { type Course, createCourse } from "./course.ts";
import { finish, type Verdict } from "./finish.ts";
import { follow } from "./follow.ts";
import type { Means } from "./means.ts";
import { createOutputs, endOutputs } from "./outputs.ts";

/** What surrounds the action: the job, time, Azure DevOps, and the signal that the job was cancelled. */
export interface Outside {
  readonly host: Host;
  readonly clock: Clock;
  readonly input: (name: string) => string;
  readonly connect: (inputs: Inputs) => { readonly pipelines: Pipelines; readonly signIn: SignIn };
  readonly trigger: () => Promise<Trigger>;
  readonly signal: AbortSignal;
}

interface Scene extends Outside {
  readonly course: Course;
  readonly outputs: Means["outputs"];
}

/** How long after the signal a start that is under way may still be answered. */
const startGraceMs = 2_500;
/** The runner kills 10 s after its first signal, and wants the last words before. */
const abortAtMostMs = 5_800;

const secretInputs = ["token", "client-secret", "client-certificate", "refresh-token", "github-token"];

/** Runs the action and answers with its exit code. The only place that catches. */
export async function launch(outside: Outside): Promise<0 | 1> {
  const { host } = outside;
  const scene: Scene = { ...outside, course: createCourse(host), outputs: createOutputs(host) };
  let means: Means | undefined;
  let inputs: Inputs | undefined;
  try {
    for (const name of secretInputs) host.mask(outside.input(name));
    inputs = await readInputs(outside.input);
    for (const secret of Object.values(inputs.secretVariables ?? {})) host.mask(secret);
    means = { ...outside, ...outside.connect(inputs), outputs: scene.outputs };
    const verdict = await play(inputs, means, scene);
    scene.course.enter({ at: "settled" });
    return verdict === "failed" ? 1 : 0;
  } catch (error) {
    const last = outside.signal.aborted ? await interrupted(scene, means, inputs) : error;
    if (!outside.signal.aborted) settle(scene.course);
    report(last, scene);
    return 1;
  }
}

async function play(inputs: Inputs, means: Means, { course, trigger, signal }: Scene): Promise<Verdict> {
  const { host, outputs, pipelines, signIn } = means;
  await signIn.authorization(signal);
  if (signIn.description !== undefined)
    host.write([{ type: "text", text: `Signed in ${signIn.description}.` }]);
  const { target } = inputs;
  if (target.kind === "follow") throw new ActionError("bad-input", "run-id: not supported yet");
  const prepared = await prepare(inputs, target.pipeline, { means, trigger }, signal);
  if (inputs.preview) {
    outputs.tell({ "final-yaml": await pipelines.preview(prepared.pipelineId, prepared.body, signal) });
    host.write([
      { type: "text", text: "The pipeline is valid. Nothing was started: see the output final-yaml." },
    ]);
    return "succeeded";
  }
  const started = await begin(prepared, { inputs, means, course }, withGrace(signal, means.clock));
  signal.throwIfAborted();
  if (inputs.tags !== undefined && inputs.tags.length > 0) {
    await pipelines.tag(started.id, inputs.tags, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      host.write([{ type: "warning", text: `The run could not be tagged. ${messageOf(error)}` }]);
    });
  }
  if (!inputs.wait) return "succeeded";
  const { stopWhen, pollIntervalMs: intervalMs, timeoutMs } = inputs;
  const following = { runId: started.id, rawRun: started.raw, stopWhen, intervalMs, timeoutMs };
  const followed = await follow(following, means, course, signal);
  outputs.tell(endOutputs(followed.document));
  return await finish(followed, { inputs, means }, signal);
}

/** Aborted a little after the signal: a start whose answer is on its way is worth the wait. */
function withGrace(signal: AbortSignal, clock: Clock): AbortSignal {
  const late = new AbortController();
  const never = new AbortController().signal;
  signal.addEventListener(
    "abort",
    () => void clock.sleep(startGraceMs, never).then(() => late.abort(signal.reason)),
    {
      once: true,
    },
  );
  return late.signal;
}

async function interrupted(
  scene: Scene,
  means: Means | undefined,
  inputs: Inputs | undefined,
): Promise<ActionError> {
  const { course, clock } = scene;
  if (course.document !== undefined) scene.outputs.tell(endOutputs(course.document));
  if (means === undefined || inputs === undefined) return canceled("No run was started.");
  const limit = new AbortController();
  const never = new AbortController().signal;
  void clock.sleep(abortAtMostMs - startGraceMs, never).then(() => limit.abort(new Error("time is up")));
  const { cancelOnAbort } = inputs;
  return canceled(await abort({ ...means, course, cancelOnAbort }, limit.signal));
}

function canceled(becameOfRun: string): ActionError {
  return new ActionError("canceled", `The job was cancelled. ${becameOfRun}`);
}

/** An end of the action's own, however bad: the run is left alone. */
function settle(course: Course): void {
  if (course.phase.at !== "idle") course.enter({ at: "settled" });
}

/** One failure is one error; its causes are for whoever debugs. */
function report(error: unknown, { host, outputs, course }: Scene): void {
  const known = error instanceof ActionError ? error : undefined;
  if (course.document !== undefined) outputs.tell(endOutputs(course.document));
  outputs.tell({ "error-code": known?.code ?? "internal" });
  const text =
    known === undefined
      ? `The action itself failed: ${messageOf(error)}`
      : [known.message, known.hint].filter(Boolean).join("\n");
  host.write([
    ...causesOf(error).map((cause) => ({ type: "debug" as const, text: cause })),
    {
      type: "error",
      text: known ? text : `${text}\nPlease report it, with the log of a run with debug logging on.`,
    },
  ]);
}

function causesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  const own = error.stack ?? error.message;
  return error.cause === undefined ? [own] : [own, ...causesOf(error.cause)];
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
