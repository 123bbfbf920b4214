import { expect, it } from "vitest";
import { TransientError } from "../../src/errors.ts";
import { reportSilence } from "../../src/http/report-silence.ts";
import type { HttpRequest, HttpResponse } from "../../src/ports.ts";

const request = (host: string): HttpRequest => ({
  method: "GET",
  url: `https://${host}/x`,
  timeoutMs: 1_000,
  signal: new AbortController().signal,
});

/** A transport whose responses come from a function, and a clock whose sleeps end when the test says so. */
function createHarness(answer: () => Promise<Partial<HttpResponse>>) {
  const lines: string[] = [];
  const sleepers: (() => void)[] = [];
  const transport = reportSilence(
    {
      send: async () => ({ status: 200, headers: {}, body: "", ...(await answer()) }),
      stream: () => Promise.reject(new Error("nothing is streamed here")),
    },
    {
      onSilence: (text) => lines.push(text),
      clock: {
        now: () => 0,
        sleep: (ms, signal) =>
          new Promise((resolve, reject) => {
            expect(ms).toBeLessThanOrEqual(5_000);
            signal.addEventListener("abort", () => reject(signal.reason));
            sleepers.push(resolve);
          }),
      },
    },
  );
  const endSleeps = async () => {
    for (const wake of sleepers) wake();
    await new Promise(setImmediate);
    return lines;
  };
  return { transport, endSleeps };
}

it("reportSilence logs once per host that no response came, for any number of requests", async () => {
  const { transport, endSleeps } = createHarness(() => new Promise(() => undefined));
  void transport.send(request("dev.azure.com"));
  void transport.send(request("dev.azure.com"));
  expect(await endSleeps()).toEqual(["No successful response from dev.azure.com yet. Still trying."]);
});

it("reportSilence logs the reason after an error or a 5xx", async () => {
  let call = 0;
  const { transport, endSleeps } = createHarness(async () => {
    call += 1;
    if (call === 1) throw new TransientError("the host name was not found (ENOTFOUND)");
    return { status: 503 };
  });
  await expect(transport.send(request("a.example"))).rejects.toThrow();
  await transport.send(request("b.example"));
  expect(await endSleeps()).toEqual([
    "No successful response from a.example yet (the host name was not found (ENOTFOUND)). Still trying.",
    "No successful response from b.example yet (it answered 503). Still trying.",
  ]);
});

it("reportSilence logs nothing after the first good response, or after it was closed", async () => {
  const { transport, endSleeps } = createHarness(async () => ({ status: 404 }));
  await transport.send(request("dev.azure.com"));
  expect(await endSleeps()).toEqual([]);
  const pending = createHarness(() => new Promise(() => undefined));
  void pending.transport.send(request("dev.azure.com"));
  pending.transport.close();
  expect(await pending.endSleeps()).toEqual([]);
});
