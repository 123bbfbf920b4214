// Loaded before the bundle: accelerates the process's clock, so that an outage of minutes takes seconds.
import { acceleratedNow } from "./accelerated-now.ts";

const factor = Number(process.env["CLOCK_SPEED"] ?? "1");

/** The start of the acceleration, for other processes with the same clock. Milliseconds since 1970. */
const epoch = Number(process.env["CLOCK_EPOCH"] ?? performance.timeOrigin);

const { setTimeout: realSetTimeout, setInterval: realSetInterval } = globalThis;

const realNow = Date.now;

const realTime = process.hrtime.bigint;

const realTimeout = AbortSignal.timeout.bind(AbortSignal);

Date.now = () => acceleratedNow(realNow(), { epoch, factor });

process.hrtime.bigint = () => BigInt(Math.round(Number(realTime()) * factor));

AbortSignal.timeout = (ms) => realTimeout(Math.ceil(ms / factor));

globalThis.setTimeout = ((work: () => void, ms = 0) =>
  realSetTimeout(work, ms / factor)) as typeof globalThis.setTimeout;

globalThis.setInterval = ((work: () => void, ms = 0) =>
  realSetInterval(work, ms / factor)) as typeof globalThis.setInterval;
