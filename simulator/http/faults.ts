import type { Fault, FaultKind } from "../options.ts";

/** The faults that a test has ordered. */
export interface Faults {
  add(fault: Fault): void;
  /** Counts the request and returns its fault; the first rule that matches wins. */
  faultFor(method: string, pathname: string): FaultKind | undefined;
}

export function createFaults(): Faults {
  const rules: { readonly fault: Fault; readonly path: RegExp; calls: number }[] = [];
  return {
    add(fault) {
      const flags = `${fault.on.path.flags.replace(/[gyi]/g, "")}i`;
      rules.push({ fault, path: new RegExp(fault.on.path.source, flags), calls: 0 });
    },
    faultFor(method, pathname) {
      let match: FaultKind | undefined;
      for (const order of rules) {
        const { on } = order.fault;
        if (on.method !== undefined && on.method.toUpperCase() !== method) continue;
        if (!order.path.test(pathname)) continue;
        order.calls += 1;
        if (shouldInject(order.fault, order.calls)) match ??= order.fault.fault;
      }
      return match;
    },
  };
}

function shouldInject({ nth, times }: Fault, request: number): boolean {
  const first = nth ?? 1;
  const count = times ?? (nth === undefined ? Infinity : 1);
  return request >= first && request < first + count;
}
