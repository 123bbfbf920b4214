/** The resources of a process at one time, after a garbage collection. Written by `resource-probe.ts`. */
export interface ResourceSample {
  /** JavaScript objects and their buffers. */
  readonly heapBytes: number;
  /** The handles that keep the event loop alive. */
  readonly handles: number;
  readonly sockets: number;
  /** Open file descriptors; 0 without /proc. */
  readonly files: number;
}

type Resource = keyof ResourceSample;

/** How much the mean of the last third may exceed that of the first. */
const allowedGrowth: Readonly<Record<Resource, number>> = {
  heapBytes: 4_000_000,
  handles: 2,
  sockets: 1,
  files: 1,
};

const names: Readonly<Record<Resource, string>> = {
  heapBytes: "heap after a garbage collection, MB",
  handles: "handles",
  sockets: "sockets",
  files: "open files",
};

interface Trend {
  readonly resource: Resource;
  readonly first: number;
  readonly last: number;
  readonly peak: number;
}

export function readSamples(lines: string): readonly ResourceSample[] {
  const samples = lines.trim().split("\n");
  return samples.map((line) => JSON.parse(line) as ResourceSample);
}

/** The first tenth of the samples is taken while the process loads its code and reads the first timeline. */
function trendsOf(samples: readonly ResourceSample[]): readonly Trend[] {
  const steady = samples.slice(Math.ceil(samples.length / 10));
  const third = Math.floor(steady.length / 3);
  return (Object.keys(allowedGrowth) as Resource[]).map((resource) => {
    const values = steady.map((sample) => sample[resource]);
    return {
      resource,
      first: mean(values.slice(0, third)),
      last: mean(values.slice(-third)),
      peak: Math.max(...values),
    };
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Too few samples are a violation as well, since nothing was measured. */
export function growthViolations(samples: readonly ResourceSample[]): readonly string[] {
  return trendsOf(samples)
    .filter(({ resource, first, last }) => !(last <= first + allowedGrowth[resource]))
    .map(
      ({ resource, first, last }) =>
        `${names[resource]}: from ${shown(resource, first)} to ${shown(resource, last)}`,
    );
}

export function trendRows(samples: readonly ResourceSample[]): readonly string[] {
  return trendsOf(samples).map(({ resource, first, last, peak }) => {
    const figures = [first, last, peak, allowedGrowth[resource]].map((value) => shown(resource, value));
    return `| ${names[resource]} | ${figures.join(" | ")} |`;
  });
}

function shown(resource: Resource, value: number): string {
  return (resource === "heapBytes" ? value / 1_000_000 : value).toFixed(1);
}
