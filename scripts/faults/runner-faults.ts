import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Job, RunningAction } from "../../runner-emulator/runner.ts";
import {
  cancelledByFault,
  type Expectation,
  failsDespiteSuccess,
  notStarted,
  withoutEffect,
  withoutSummaryFile,
} from "./expectations.ts";

/** The context of a runner fault. */
interface RunnerFaultContext {
  readonly folder: string;
  /** The id of a running run of somebody else. */
  readonly otherRunId: number;
}

/** A fault of the runner itself, or a manipulated environment of the job. */
interface RunnerFault {
  /** Nothing is started, the run is cancelled, the step fails although the run succeeded, or there is no effect. */
  readonly effect: "not started" | "cancelled" | "failed" | "none";
  readonly expected: Expectation;
  readonly job: (context: RunnerFaultContext) => Pick<Job, "commandFiles" | "env">;
  /** Happens when the request that starts the run has been received, before it is answered. */
  readonly inject?: (context: RunnerFaultContext, action: Pick<RunningAction, "closeLog">) => void;
}

const commandFiles = ["GITHUB_OUTPUT", "GITHUB_STATE", "GITHUB_STEP_SUMMARY"] as const;

type CommandFile = (typeof commandFiles)[number];

const fullDisk = "/dev/full";

/** A disk that is full from the start. */
const onFullDisk = (
  variable: CommandFile,
  effect: RunnerFault["effect"],
  expected: Expectation,
): RunnerFault => ({
  effect,
  expected,
  job: () => ({ commandFiles: { [variable]: fullDisk } }),
});

/** Separate files instead of the runner's, so that faults can be injected. */
const ownFiles = ({ folder }: RunnerFaultContext): Pick<Job, "commandFiles"> => ({
  commandFiles: Object.fromEntries(
    commandFiles.map((variable) => {
      const path = join(folder, variable);
      writeFileSync(path, "");
      return [variable, path];
    }),
  ),
});

const injected = (inject: RunnerFault["inject"] & {}): RunnerFault => ({
  effect: "cancelled",
  expected: cancelledByFault,
  job: ownFiles,
  inject,
});

/** Variables named like this action's state. */
const withState = (
  state: (context: RunnerFaultContext) => Readonly<Record<string, string>>,
): RunnerFault => ({
  effect: "none",
  expected: withoutEffect,
  job: (context) => ({
    env: Object.fromEntries(Object.entries(state(context)).map(([name, value]) => [`STATE_${name}`, value])),
  }),
});

export const closedLog = "a log that is closed once the run is started";

export const runnerFaults = {
  "a full disk for outputs": onFullDisk("GITHUB_OUTPUT", "cancelled", cancelledByFault),
  "a full disk for the state": onFullDisk("GITHUB_STATE", "not started", notStarted),
  "a full disk for the summary": onFullDisk("GITHUB_STEP_SUMMARY", "failed", failsDespiteSuccess),
  "a disk that becomes full once the run is started": injected(({ folder }) => {
    for (const variable of commandFiles) {
      rmSync(join(folder, variable), { force: true });
      symlinkSync(fullDisk, join(folder, variable));
    }
  }),
  "command files that are deleted once the run is started": injected(({ folder }) => {
    for (const variable of commandFiles) rmSync(join(folder, variable), { force: true });
  }),
  "a folder instead of the file for outputs": {
    effect: "cancelled",
    expected: cancelledByFault,
    job: ({ folder }) => ({ commandFiles: { GITHUB_OUTPUT: folder } }),
  },
  "a missing temporary folder": {
    effect: "none",
    expected: withoutSummaryFile,
    job: ({ folder }) => ({ env: { RUNNER_TEMP: join(folder, "gone") } }),
  },
  [closedLog]: injected((_, action) => action.closeLog()),
  "a forged state with a running run": withState(({ otherRunId }) => ({
    main: "true",
    phase: JSON.stringify({ at: "following", runId: otherRunId, isOwn: true }),
  })),
  "a forged state of a step that has ended": withState(() => ({
    main: "/etc/passwd",
    phase: '{"at":"settled"}',
    reports: "closed",
  })),
  "a state of 100 kB": withState(() => ({ phase: "[".repeat(100_000), token: "{}", main: "/" })),
} as const satisfies Readonly<Record<string, RunnerFault>>;

export type RunnerFaultName = keyof typeof runnerFaults;

export const runnerFaultOf = (name: RunnerFaultName): RunnerFault => runnerFaults[name];

/** Whether the fault prevents the step from working. */
export function isHindered(runnerFault: RunnerFaultName | undefined): boolean {
  return runnerFault !== undefined && runnerFaultOf(runnerFault).effect !== "none";
}
