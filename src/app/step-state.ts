import { fingerprintHash } from "../core/rerun-tag.ts";
import { fingerprintOf, type StartFingerprint } from "../core/run-matching.ts";
import type { RunSnapshot, TrackedRun } from "../core/run-snapshot.ts";
import { requestBody, type StartInputs } from "../core/start-request.ts";
import { asId, asObject, parseJson } from "../lib/json.ts";
import type { Runner } from "../ports.ts";

/** The requests that may have started a run. */
export interface PendingStart<Fingerprint = StartFingerprint> {
  readonly pipelineId: number;
  /** The time of the first of them, by the runner's clock. */
  readonly startedAt: number;
  /** The number of requests. */
  readonly attempts: number;
  readonly fingerprint: Fingerprint;
}

/** The progress of the main step, for the post step. Saved before each action during which it may be killed. */
export type Phase<Fingerprint = StartFingerprint> =
  | { readonly at: "idle" }
  | ({ readonly at: "starting" } & PendingStart<Fingerprint>)
  | {
      readonly at: "following";
      readonly runId: number;
      readonly isOwn: boolean;
      /**
       * Stages that this step started or retried in a run that it did not start: only these may be cancelled. Empty with
       * `stages-to-start` until it has started one.
       */
      readonly stages?: readonly string[];
      /** A start that was sent again, until its other runs have been searched for. */
      readonly duplicateSearch?: PendingStart<Fingerprint>;
    }
  /** The run needs no further action, but its check run or status may still show it as running. */
  | { readonly at: "left"; readonly runId: number }
  | { readonly at: "settled" };

export type PhaseOf<Name extends Phase["at"], Fingerprint = StartFingerprint> = Extract<
  Phase<Fingerprint>,
  { at: Name }
>;

/**
 * The saved form of a fingerprint. The state is passed to the post step as an environment variable, which has little room, so
 * parameters and variables are omitted. The post step has the same inputs, which is verified by the hash.
 */
export interface SavedFingerprint {
  readonly ref: string | null | undefined;
  readonly commit: string | null;
  readonly tag: string | null;
  readonly hash: string;
}

export type SavedPhase = Phase<SavedFingerprint>;

/** Whether something is cancelled with the step. */
export function isCancelledWithStep(
  { isOwn, stages }: Pick<PhaseOf<"following">, "isOwn" | "stages">,
  cancelOnAbort: boolean | undefined,
): boolean {
  if (stages?.length === 0) return false;
  return cancelOnAbort ?? (isOwn || stages !== undefined);
}

const phaseKey = "phase";

export function savePhase(runner: Pick<Runner, "saveState">, phase: Phase): void {
  runner.saveState(phaseKey, JSON.stringify(toSavedPhase(phase)));
}

function toSavedPhase(phase: Phase): SavedPhase {
  if (phase.at === "starting") return { ...phase, ...toSavedStart(phase) };
  if (phase.at !== "following") return phase;
  const { duplicateSearch, ...rest } = phase;
  return duplicateSearch === undefined ? rest : { ...rest, duplicateSearch: toSavedStart(duplicateSearch) };
}

function toSavedStart({ pipelineId, startedAt, attempts, fingerprint }: PendingStart) {
  const { ref, commit, tag } = fingerprint;
  const saved = { ref, commit, tag, hash: fingerprintHash(fingerprint) };
  return { pipelineId, startedAt, attempts, fingerprint: saved };
}

/** The saved phase; `idle` if this action cannot have written it: the environment may contain anything. */
export function restorePhase(runner: Pick<Runner, "getState">): SavedPhase {
  return decodePhase(parseJson(runner.getState(phaseKey))) ?? { at: "idle" };
}

function decodePhase(json: unknown): SavedPhase | undefined {
  const fields = asObject(json);
  const { at, isOwn, stages, duplicateSearch } = fields;
  if (at === "settled") return { at };
  if (at === "starting") {
    const start = decodeStart(json);
    return start && { at, ...start };
  }
  const runId = asId(fields["runId"]);
  if (runId === null) return undefined;
  if (at === "left") return { at, runId };
  if (at !== "following" || typeof isOwn !== "boolean") return undefined;
  if (stages !== undefined && !isTextList(stages)) return undefined;
  const search = duplicateSearch === undefined ? undefined : decodeStart(duplicateSearch);
  return { at, runId, isOwn, ...(stages && { stages }), ...(search && { duplicateSearch: search }) };
}

function decodeStart(json: unknown): PendingStart<SavedFingerprint> | undefined {
  const fields = asObject(json);
  const { startedAt } = fields;
  const [pipelineId, attempts] = [asId(fields["pipelineId"]), asId(fields["attempts"])];
  const { ref, commit, tag, hash } = asObject(json, "fingerprint");
  const isValid =
    pipelineId !== null &&
    attempts !== null &&
    typeof startedAt === "number" &&
    typeof hash === "string" &&
    (ref === undefined || isTextOrNull(ref)) &&
    isTextOrNull(commit) &&
    isTextOrNull(tag);
  return isValid ? { pipelineId, startedAt, attempts, fingerprint: { ref, commit, tag, hash } } : undefined;
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === "string";
}

/** The phase with parameters and variables from the inputs. */
export function withFingerprints(
  phase: PhaseOf<"starting" | "following", SavedFingerprint>,
  inputs: StartInputs,
): PhaseOf<"starting" | "following"> {
  if (phase.at === "starting") return { ...phase, ...restoreStart(phase, inputs) };
  const { duplicateSearch, ...following } = phase;
  if (duplicateSearch === undefined) return following;
  return { ...following, duplicateSearch: restoreStart(duplicateSearch, inputs) };
}

function restoreStart(saved: PendingStart<SavedFingerprint>, inputs: StartInputs): PendingStart {
  const { pipelineId, startedAt, attempts, fingerprint } = saved;
  const { ref, commit, tag, hash } = fingerprint;
  const body = requestBody({ ...inputs, ref: ref ?? undefined, commit: commit ?? undefined });
  const fromInputs = { ...fingerprintOf({ pipelineId, body, tag }), ref, commit };
  const isPartial = fingerprintHash(fromInputs) !== hash;
  return { pipelineId, startedAt, attempts, fingerprint: { ...fromInputs, isPartial } };
}

const reportsClosedKey = "reports";

/** Check run and status have been closed: the post step has nothing to add. */
export function saveReportsClosed(runner: Pick<Runner, "saveState">): void {
  runner.saveState(reportsClosedKey, "closed");
}

export function areReportsClosed(runner: Pick<Runner, "getState">): boolean {
  return runner.getState(reportsClosedKey) === "closed";
}

/** The progress of the step: what to cancel if it is aborted, also for the post step. */
export interface StepState {
  readonly phase: Phase;
  /** The run of this step, as soon as it is known. */
  readonly run: TrackedRun | undefined;
  /** The state at the last poll. */
  readonly snapshot: RunSnapshot | undefined;
  setPhase(phase: Phase): void;
  setRun(run: TrackedRun | undefined): void;
  setSnapshot(snapshot: RunSnapshot): void;
  /** Returns true the first time: summary and check are written only once. */
  tryFinalize(): boolean;
  readonly isFinalized: boolean;
}

export function createStepState(runner: Pick<Runner, "saveState">): StepState {
  let phase: Phase = { at: "idle" };
  let run: TrackedRun | undefined;
  let snapshot: RunSnapshot | undefined;
  let finalized = false;
  return {
    get phase() {
      return phase;
    },
    get run() {
      return run;
    },
    get snapshot() {
      return snapshot;
    },
    setPhase: (next) => {
      phase = next;
      savePhase(runner, next);
    },
    setRun: (next) => {
      run = next;
    },
    setSnapshot: (next) => {
      snapshot = next;
    },
    get isFinalized() {
      return finalized;
    },
    tryFinalize: () => {
      const isFirst = !finalized;
      finalized = true;
      return isFirst;
    },
  };
}
