import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import type { JobSpec, PipelineSpec } from "../../simulator/index.ts";
import type { Case } from "./cases.ts";
import { type FaultTypeName, faultTypeOf, faultTypes, type Injection } from "./injections.ts";
import { findViolations } from "./invariants.ts";
import { growthViolations, type ResourceSample, readSamples } from "./resource-trends.ts";
import { type CaseRun, requestsTo, runCase, simulatorSpeed } from "./run-case.ts";

export interface SoakResult {
  readonly caseRun: CaseRun;
  readonly faults: number;
  readonly polls: number;
  readonly samples: readonly ResourceSample[];
  readonly violations: readonly string[];
}

interface SoakOptions {
  readonly seed: number;
  /** The duration of the run. */
  readonly seconds: number;
  readonly bundle?: string | undefined;
}

const jobs = 20;

const tasksPerJob = 146;

/** A stage; for each job a phase, a job and its tasks, of which the agent adds two. */
export const recordCount = 1 + jobs * (2 + tasksPerJob + 2);

const sampleCount = 120;

const resourceProbe = import.meta.resolve("./resource-probe.ts");

/** One step for minutes: a poll a second, a run of 3,000 records that change, and faults all the while. */
export async function runSoak({ seed, seconds, bundle }: SoakOptions): Promise<SoakResult> {
  const probeFile = join(temporaryFolder(), "samples");
  const injections = injectionsFor(seed, seconds);
  const testCase: Case = {
    number: 0,
    scenario: "is polled for minutes",
    injections,
    interruption: undefined,
    listLag: 1,
    clockSpeed: 1,
  };
  const caseRun = await runCase(testCase, {
    bundle,
    timeoutMs: (seconds * 1.5 + 120) * 1_000,
    pipelines: [soakPipeline(seconds)],
    env: {
      NODE_OPTIONS: `--expose-gc --import=${resourceProbe}`,
      PROBE_FILE: probeFile,
      PROBE_INTERVAL_MS: String(Math.round((seconds * 1_000) / sampleCount)),
    },
  });
  const samples = readSamples(readFileSync(probeFile, "utf8"));
  const brokenLaws = findViolations(testCase, caseRun).map(({ message }) => message);
  return {
    caseRun,
    faults: injections.filter(({ target, nth }) => requestsTo(target, caseRun.requests).length >= nth).length,
    polls: requestsTo("a poll", caseRun.requests).length,
    samples,
    violations: [...brokenLaws, ...verdictViolations(caseRun), ...growthViolations(samples)],
  };
}

/** The last task of the last job fails, when everything else has succeeded. */
function soakPipeline(seconds: number): PipelineSpec {
  const taskSeconds = (seconds * simulatorSpeed) / (tasksPerJob + 1);
  const job = (index: number): JobSpec => ({
    name: `job${index}`,
    // The jobs are not in step, so that every poll finds a change.
    queueSeconds: (taskSeconds * index) / jobs,
    tasks: Array.from({ length: tasksPerJob }, (_, task) => {
      const isFailure = index === jobs - 1 && task === tasksPerJob - 1;
      return {
        name: `Task ${task}`,
        seconds: taskSeconds,
        log: isFailure ? ["::error::not a command", "x".repeat(200)] : null,
        issues: [],
        result: isFailure ? "failed" : "succeeded",
      };
    }),
  });
  return {
    id: 65,
    name: "p65",
    repository: { type: "TfsGit", name: "web", defaultBranch: "refs/heads/main" },
    queueSeconds: 1,
    stages: [{ name: "A", jobs: Array.from({ length: jobs }, (_, index) => job(index)) }],
  };
}

/** Each may slow down the polls for a while; a short soak test must have some nevertheless. */
function requestsPerFault(seconds: number): number {
  return Math.min(15, Math.ceil(seconds / 5));
}

/** The responses to the start and a log are lost once; every few polls and timelines have a fault, each kind in turn. */
function injectionsFor(seed: number, seconds: number): readonly Injection[] {
  const lostAnswer = {
    faultType: "connection reset after the request is processed",
    nth: 1,
    times: 1,
  } as const;
  const gap = requestsPerFault(seconds);
  const repeated = (["a poll", "the timeline"] as const).flatMap((target, index) => {
    const kinds = soakFaults({ isSilentToo: target === "a poll" && seconds >= 300 });
    const sampling = { seed: seed + index, numRuns: 1 };
    const [order = []] = fc.sample(fc.shuffledSubarray(kinds, { minLength: kinds.length }), sampling);
    return order.map(
      (faultType, turn): Injection => ({ target, faultType, nth: (turn + 1) * gap + index, times: 1 }),
    );
  });
  return [{ target: "the start", ...lostAnswer }, ...repeated, { target: "a log", ...lostAnswer }];
}

/** Faults that end only by a time limit take 30 seconds. */
function soakFaults({ isSilentToo }: { readonly isSilentToo: boolean }): FaultTypeName[] {
  return (Object.keys(faultTypes) as FaultTypeName[]).filter((name) => {
    const { effect, isSilent = false } = faultTypeOf(name);
    return effect !== "permanent" && (isSilentToo || !isSilent);
  });
}

function verdictViolations({ result }: CaseRun): string[] {
  const { exitCode, outputs } = result?.main ?? {
    exitCode: undefined,
    outputs: {} as Record<string, string>,
  };
  const isRight = exitCode === 1 && outputs["result"] === "failed" && outputs["error-code"] === undefined;
  return isRight ? [] : [`ended with ${exitCode}, result ${outputs["result"]}, ${outputs["error-code"]}`];
}
