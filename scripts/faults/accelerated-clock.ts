// Loaded before the bundle: a process whose clock goes faster, so that an outage of minutes is over in seconds.
const factor = Number(process.env["CLOCK_SPEED"] ?? "1");

const { setTimeout: realSetTimeout, setInterval: realSetInterval } = globalThis;

const realNow = performance.now.bind(performance);

const realTimeout = AbortSignal.timeout.bind(AbortSignal);

performance.now = () => realNow() * factor;

AbortSignal.timeout = (ms) => realTimeout(Math.ceil(ms / factor));

globalThis.setTimeout = ((work: () => void, ms = 0) =>
  realSetTimeout(work, ms / factor)) as typeof globalThis.setTimeout;

globalThis.setInterval = ((work: () => void, ms = 0) =>
  realSetInterval(work, ms / factor)) as typeof globalThis.setInterval;
