import { execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { inputVariables, readAction } from "../../runner-emulator/action-file.ts";
import { createFileCommands } from "../../runner-emulator/file-commands.ts";
import { setUpJob } from "../../runner-emulator/job.ts";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { medianOf } from "../../src/core/progress.ts";

export const repository = join(import.meta.dirname, "../..");

const bundle = join(repository, "dist/index.js");

/** The costs of a process. */
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
  /** The heap after a garbage collection, once a second. */
  readonly heapsMb: readonly number[];
  /** Processor time at each time of `samplesAtMs`. Milliseconds. */
  readonly samplesMs: readonly number[];
}

export interface ProcessOptions {
  /** The speed of the process's clock, relative to the real clock. */
  readonly clockSpeed?: number;
  readonly meter?: {
    readonly heaps?: boolean;
    /** Times at which the processor time is recorded, by the real clock. The process ends at the last one. */
    readonly samplesAtMs?: readonly number[];
  };
}

type Variables = Readonly<Record<string, string | undefined>>;

/** The action, in a job of its own. */
export function runBundle(
  inputs: Readonly<Record<string, string>>,
  options: ProcessOptions = {},
): Promise<Measurement> {
  const job = setUpJob({});
  const variables = inputVariables(readAction(repository), inputs, {
    allowUnknown: false,
    lookupContext: job.context,
  });
  const files = createFileCommands(job.commandFolder);
  return runNode([bundle], { ...job.env, ...files.env, ...variables }, options);
}

/** A script of `programs` in the environment of a job. */
export function runProgram(
  program: string,
  variables: Variables,
  options: ProcessOptions = {},
): Promise<Measurement> {
  const job = setUpJob({});
  const files = createFileCommands(job.commandFolder);
  return runNode([program], { ...job.env, ...files.env, ...variables }, options);
}

export function programPath(name: string): string {
  return join(import.meta.dirname, "programs", name);
}

type Compile = (input: string, options: object) => Promise<{ readonly code: string }>;

/** What is replaced in a bundled script, as in the action's bundle. The scripts use `@actions/http-client`, unlike the action's start. */
const replacements = { undici: "http/unused-clients.js", "@actions/exec": "github/no-exec.js" };

/** A script of `programs`, bundled like an action: in one file, without undici, like the action's own bundle. */
export async function bundleProgram(name: string): Promise<string> {
  const require = createRequire(import.meta.url);
  // The replacements are what tsc makes of src.
  if (!existsSync(join(repository, "build"))) {
    const tsc = require.resolve("typescript/bin/tsc");
    execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json"], { cwd: repository, stdio: "inherit" });
  }
  const compile = require("@vercel/ncc") as Compile;
  const folder = temporaryFolder();
  const paths = Object.fromEntries(
    Object.entries(replacements).map(([specifier, file]) => [
      specifier,
      [relative(folder, join(repository, "build", file)).replaceAll("\\", "/")],
    ]),
  );
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: { baseUrl: ".", paths } }));
  // ncc reads the tsconfig.json of the working directory.
  const workingDirectory = process.cwd();
  process.chdir(folder);
  try {
    const { code } = await compile(programPath(name), { cache: false, quiet: true, target: "es2022" });
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(join(folder, "index.js"), code);
  } finally {
    process.chdir(workingDirectory);
  }
  return join(folder, "index.js");
}

/** Runs Node, and discards its output. */
async function runNode(
  args: readonly string[],
  env: Variables,
  { clockSpeed = 1, meter: meterOptions }: ProcessOptions,
): Promise<Measurement> {
  const file = join(temporaryFolder(), "meter.json");
  const preloaded = [
    ...(clockSpeed === 1 ? [] : [`--require=${programPath("fast-clock.cjs")}`]),
    ...(meterOptions === undefined ? [] : [`--require=${meterModule(meterOptions, file)}`]),
  ];
  const startedAt = performance.now();
  const child = spawn(process.execPath, [...preloaded, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...env, CLOCK_SPEED: String(clockSpeed) },
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
  const meter = meterOptions === undefined ? undefined : (JSON.parse(readFileSync(file, "utf8")) as Meter);
  return { exitCode, stderr, startedAt, endedAt, meter };
}

/** The processor time, or an error with the output of the process. */
export function meterOf({ meter, exitCode, stderr }: Measurement): Meter {
  if (meter === undefined || exitCode !== 0) throw new Error(`the process ended with ${exitCode}: ${stderr}`);
  return meter;
}

/** Loaded before the script, and as simple as possible, since its own costs are part of all figures. */
function meterModule(
  { heaps = false, samplesAtMs = [] }: NonNullable<ProcessOptions["meter"]>,
  file: string,
): string {
  return scriptFile(
    "meter.cjs",
    `const heapsMb = [];
const samplesMs = [];
const cpuMs = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
if (${heaps}) {
  require("v8").setFlagsFromString("--expose-gc");
  const collect = require("vm").runInNewContext("gc");
  setInterval(() => { collect(); heapsMb.push(process.memoryUsage().heapUsed / 2 ** 20); }, 1000).unref();
}
for (const [index, at] of ${JSON.stringify(samplesAtMs)}.entries()) {
  setTimeout(() => { samplesMs.push(cpuMs()); if (index === ${samplesAtMs.length - 1}) process.exit(0); }, at);
}
process.on("exit", () => {
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const text = JSON.stringify({ cpuMs: cpuMs(), peakMb, heapsMb, samplesMs });
  require("fs").writeFileSync(${JSON.stringify(file)}, text);
});
`,
  );
}

function scriptFile(name: string, text: string): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, text);
  return path;
}

export function median(values: readonly number[]): number {
  return medianOf(values) ?? Number.NaN;
}
