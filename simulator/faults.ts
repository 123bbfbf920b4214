import type { Fault, FaultKind } from "./options.ts";

/** The trouble that was ordered, and when it strikes. */
export interface Faults {
  order(fault: Fault): void;
  /** Counts the call, and tells what befalls it: the first order that matches wins. */
  strike(method: string, pathname: string): FaultKind | undefined;
}

export function createFaults(): Faults {
  const orders: { readonly fault: Fault; readonly path: RegExp; calls: number }[] = [];
  return {
    order(fault) {
      const flags = `${fault.on.path.flags.replace(/[gyi]/g, "")}i`;
      orders.push({ fault, path: new RegExp(fault.on.path.source, flags), calls: 0 });
    },
    strike(method, pathname) {
      let struck: FaultKind | undefined;
      for (const order of orders) {
        const { on } = order.fault;
        if (on.method !== undefined && on.method.toUpperCase() !== method) continue;
        if (!order.path.test(pathname)) continue;
        order.calls += 1;
        if (isDue(order.fault, order.calls)) struck ??= order.fault.fault;
      }
      return struck;
    },
  };
}

function isDue({ nth, times }: Fault, call: number): boolean {
  const first = nth ?? 1;
  const many = times ?? (nth === undefined ? Infinity : 1);
  return call >= first && call < first + many;
}
