// Loaded before a script: its clock goes CLOCK_SPEED times as fast. Plain, since what it takes itself is in the figures.
const speed = Number(process.env.CLOCK_SPEED);
const { setTimeout: realSetTimeout, setInterval: realSetInterval } = globalThis;
const realTime = process.hrtime.bigint;
const realTimeout = AbortSignal.timeout.bind(AbortSignal);

process.hrtime.bigint = () => BigInt(Math.round(Number(realTime()) * speed));
AbortSignal.timeout = (ms) => realTimeout(Math.ceil(ms / speed));
globalThis.setTimeout = (work, ms = 0) => realSetTimeout(work, ms / speed);
globalThis.setInterval = (work, ms = 0) => realSetInterval(work, ms / speed);
