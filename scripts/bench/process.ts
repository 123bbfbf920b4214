import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inputVariables, readAction } from "../../runner-emulator/action-file.ts";
import { createFileCommands } from "../../runner-emulator/file-commands.ts";
import { setUpJob } from "../../runner-emulator/job.ts";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { medianOf } from "../../src/core/progress.ts";

export const repository = join(import.meta.dirname, "../..");

const bundle = join(repository, "dist/index.js");

/** What a process took. */
export interface Measurement {
  readonly exitCode: number | null;
  readonly stderr: string;
  /** By `performance.now()`. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Only with a meter. */
  readonly meter: Meter | undefined;
}

interface Meter {
  readonly cpuMs: number;
  readonly peakMb: number;
  /** What is left of the heap after a collection, once a second. */
  readonly heapsMb: readonly number[];
}

interface MeterOptions {
  /** How much faster than ours the process's clock goes. */
  readonly clockSpeed: number;
  readonly heaps?: boolean;
}

/** The action, in a job of its own. */
export function runBundle(
  inputs: Readonly<Record<string, string>>,
  meterOptions?: MeterOptions,
): Promise<Measurement> {
  const job = setUpJob({});
  const variables = inputVariables(readAction(repository), inputs, {
    allowUnknown: false,
    lookupContext: job.context,
  });
  return runNode(
    [bundle],
    { ...job.env, ...createFileCommands(job.commandFolder).env, ...variables },
    meterOptions,
  );
}

/** Runs Node, reading and throwing away what it prints. */
export async function runNode(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  meterOptions?: MeterOptions,
): Promise<Measurement> {
  const file = meterOptions === undefined ? undefined : join(temporaryFolder(), "meter.json");
  const startedAt = performance.now();
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...env, ...(meterOptions !== undefined && file !== undefined && meterEnv(meterOptions, file)) },
  });
  let stderr = "";
  child.stdout.resume();
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const { promise, resolve } = Promise.withResolvers<number | null>();
  child.once("exit", resolve);
  const exitCode = await promise;
  const endedAt = performance.now();
  const meter = file === undefined ? undefined : (JSON.parse(readFileSync(file, "utf8")) as Meter);
  return { exitCode, stderr, startedAt, endedAt, meter };
}

/** Loaded before the bundle: a note of what the process took. */
function meterModule(heaps: boolean): string {
  const path = join(temporaryFolder(), "meter.mjs");
  writeFileSync(
    path,
    `const fs = process.getBuiltinModule("fs");
const heapsMb = [];
if (${heaps}) {
  process.getBuiltinModule("v8").setFlagsFromString("--expose-gc");
  const collect = process.getBuiltinModule("vm").runInNewContext("gc");
  setInterval(() => { collect(); heapsMb.push(process.memoryUsage().heapUsed / 2 ** 20); }, 1000).unref();
}
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  const peakMb = process.resourceUsage().maxRSS / 1024;
  fs.writeFileSync(process.env.METER, JSON.stringify({ cpuMs: (user + system) / 1000, peakMb, heapsMb }));
});
`,
  );
  return path;
}

/** What makes a process swift, and note what it took. */
function meterEnv(
  { clockSpeed, heaps = false }: MeterOptions,
  file: string,
): Readonly<Record<string, string>> {
  return {
    METER: file,
    CLOCK_SPEED: String(clockSpeed),
    NODE_OPTIONS: `--import=${meterModule(heaps)} --import=${acceleratedClock}`,
  };
}

const acceleratedClock = import.meta.resolve("../faults/accelerated-clock.ts");

export function scriptFile(name: string, text: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return path;
}

export function median(values: readonly number[]): number {
  return medianOf(values) ?? Number.NaN;
}
