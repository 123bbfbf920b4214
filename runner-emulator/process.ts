import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { node20Options } from "./linux-arm32.ts";

export interface ProcessExit {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** A step's process as the runner controls it. */
export interface StepProcess {
  /** Settles when the process is gone and its output read; in a container, as soon as it is cancelled. */
  readonly exited: Promise<ProcessExit>;
  /** The runner's cancel sequence. A second call has no effect. */
  cancel(): void;
  kill(): void;
  /** The reader of stdout goes away; stderr stays. */
  closeLog(): void;
  isCancelled(): boolean;
  /** From the cancellation to now; undefined without one. */
  millisFromCancel(): number | undefined;
  peakRssKb(): number;
  /** Kills the process if it is still running, and waits for its end. */
  reap(): Promise<void>;
}

export interface ProcessOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly onText: (stream: "stdout" | "stderr", text: string) => void;
  readonly signal?: NodeJS.Signals | undefined;
  readonly graceMs?: GraceMs | undefined;
  readonly container?: boolean | undefined;
  readonly linuxArm32?: boolean | undefined;
}

/** How long the runner waits after the first signal, and after SIGTERM. */
export interface GraceMs {
  readonly interrupt: number;
  readonly terminate: number;
}

export const runnerGraceMs: GraceMs = { interrupt: 7_500, terminate: 2_500 };

// A child of the process may keep its output open after its end: the runner waits this long.
const openOutputTimeoutMs = 5_000;

const sampleIntervalMs = 200;

/** Hundreds of processes load the same files: they share a cache of the compiled code. */
export const compileCache = join(import.meta.dirname, "../node_modules/.cache/compiled");

/** Starts `node "<entry>"` with nothing on stdin, and only the given environment. */
export function startProcess(entry: string, options: ProcessOptions): StepProcess {
  const child = spawn(process.execPath, [entry], {
    cwd: options.cwd,
    env: {
      NODE_COMPILE_CACHE: compileCache,
      ...options.env,
      ...(options.linuxArm32 && { NODE_OPTIONS: node20Options() }),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let isListening = true;
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      if (isListening) options.onText(stream, text);
    });
  }
  const processExit = waitForExit(child);
  const abandoned = Promise.withResolvers<ProcessExit>();
  const cancellation = createCancellation(child, options, () => {
    isListening = false;
    abandoned.resolve({ exitCode: null, signal: null });
  });
  return {
    ...cancellation,
    exited: Promise.race([processExit, abandoned.promise]),
    kill: () => void child.kill("SIGKILL"),
    closeLog: () => void child.stdout.destroy(),
    peakRssKb: samplePeakRss(child),
    reap: async () => {
      child.kill("SIGKILL");
      await processExit;
    },
  };
}

/** The place of a process that is known to do nothing. */
export function noProcess(): StepProcess {
  return {
    exited: Promise.resolve({ exitCode: 0, signal: null }),
    cancel: () => {},
    kill: () => {},
    closeLog: () => {},
    isCancelled: () => false,
    millisFromCancel: () => undefined,
    peakRssKb: () => 0,
    reap: () => Promise.resolve(),
  };
}

function createCancellation(child: ChildProcess, options: ProcessOptions, abandon: () => void) {
  const { signal = "SIGINT", graceMs = runnerGraceMs, container = false } = options;
  const timers: NodeJS.Timeout[] = [];
  let hasExited = false;
  let cancelledAt: number | undefined;
  child.once("exit", () => {
    hasExited = true;
    timers.forEach(clearTimeout);
  });
  return {
    isCancelled: () => cancelledAt !== undefined,
    millisFromCancel: () => cancelledAt && performance.now() - cancelledAt,
    cancel: () => {
      if (cancelledAt !== undefined || hasExited) return;
      cancelledAt = performance.now();
      // The signal only reaches the docker client: the step ends, and the process runs until the container is removed.
      if (container) return abandon();
      child.kill(signal);
      timers.push(
        setTimeout(() => child.kill("SIGTERM"), graceMs.interrupt),
        setTimeout(() => child.kill("SIGKILL"), graceMs.interrupt + graceMs.terminate),
      );
    },
  };
}

function waitForExit(child: ChildProcess): Promise<ProcessExit> {
  const { promise, resolve, reject } = Promise.withResolvers<ProcessExit>();
  let outputTimer: NodeJS.Timeout | undefined;
  child.once("error", reject);
  child.once("exit", () => {
    outputTimer = setTimeout(() => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    }, openOutputTimeoutMs);
  });
  child.once("close", (exitCode, signal) => {
    clearTimeout(outputTimer);
    resolve({ exitCode, signal });
  });
  return promise;
}

/** The kernel's own high-water mark, sampled: 0 where there is no /proc. */
function samplePeakRss(child: ChildProcess): () => number {
  let peak = 0;
  const sample = (): void => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, "utf8");
      peak = Math.max(peak, Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0));
    } catch {
      // Gone already, or not Linux.
    }
  };
  const timer = setInterval(sample, sampleIntervalMs);
  child.once("exit", () => clearInterval(timer));
  return () => peak;
}
