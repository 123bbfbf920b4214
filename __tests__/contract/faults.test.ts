import { get } from "node:http";
import { expect, test } from "vitest";
import { basicAuth, openSimulator } from "./simulator-client.ts";

const start = { method: "POST", path: /\/pipelines\/42\/runs$/ };

const post = "pipelines/42/runs?api-version=7.1";

const poll = { method: "GET", path: /\/build\/builds\/\d+$/ };

test("the fault reset-before starts no run, and reset-after starts a run without a response", async () => {
  await using client = await openSimulator();
  client.simulator.order({ on: start, nth: 1, fault: { kind: "reset-before" } });
  client.simulator.order({ on: start, nth: 2, fault: { kind: "reset-after" } });
  await expect(client.call("POST", post, {})).rejects.toThrow();
  expect(client.simulator.runs).toHaveLength(0);
  await expect(client.call("POST", post, {})).rejects.toThrow();
  expect(client.simulator.runs).toHaveLength(1);
  expect((await client.call("POST", post, {})).status).toBe(200);
  expect(client.simulator.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(
    Array(3).fill(`POST /contoso/web/_apis/${post}`),
  );
});

test("the fault stall sends no response, and stall-body sends a response that never ends", async () => {
  await using client = await openSimulator();
  client.simulator.order({ on: start, nth: 1, fault: { kind: "stall", handled: true } });
  const signal = AbortSignal.timeout(80);
  const { organization } = client.simulator;
  const { basicAuth } = await import("./simulator-client.ts");
  const headers = { authorization: basicAuth, "content-type": "application/json" };
  await expect(
    fetch(`${organization}/web/_apis/${post}`, { method: "POST", headers, body: "{}", signal }),
  ).rejects.toThrow();
  const [run] = client.simulator.runs;
  client.simulator.order({ on: poll, fault: { kind: "stall-body" } });
  const url = `${organization}/web/_apis/build/builds/${run?.id}`;
  const controller = new AbortController();
  const response = await fetch(url, { headers, signal: controller.signal });
  expect(response.status).toBe(200);
  setTimeout(() => controller.abort(), 80);
  await expect(response.text()).rejects.toThrow();
});

test("the faults cut-body, garbage, html and status hit the requests given by nth and times", async () => {
  await using client = await openSimulator();
  const id = await client.startRun(42);
  const path = `build/builds/${id}`;
  const { order } = client.simulator;
  order({ on: poll, nth: 1, fault: { kind: "cut-body" } });
  order({ on: poll, nth: 2, times: 2, fault: { kind: "garbage" } });
  order({ on: poll, nth: 4, fault: { kind: "html", status: 502 } });
  order({
    on: poll,
    nth: 5,
    fault: {
      kind: "status",
      status: 503,
      body: '\uFEFF{"$id":"1"}',
      headers: { "Retry-After": "7", "Content-Type": "application/json", activityid: "" },
    },
  });
  await expect(client.call("GET", path)).rejects.toThrow();
  for (let call = 0; call < 2; call += 1) {
    const reply = await client.call("GET", path);
    expect([reply.status, reply.json]).toEqual([200, undefined]);
  }
  expect((await client.call("GET", path)).headers.get("content-type")).toContain("text/html");
  const busy = await client.call("GET", path);
  expect([busy.status, busy.headers.get("retry-after"), busy.headers.get("activityid")]).toEqual([
    503,
    "7",
    null,
  ]);
  expect((await client.call("GET", path)).json.id).toBe(id);
});

test("the fault late delays a response, and headers adds a header to a normal one", async () => {
  await using client = await openSimulator();
  const id = await client.startRun(42);
  client.simulator.order({ on: poll, nth: 1, fault: { kind: "late", ms: 60 } });
  client.simulator.order({ on: poll, nth: 2, fault: { kind: "headers", headers: { "Retry-After": "30" } } });
  const before = performance.now();
  expect((await client.call("GET", `build/builds/${id}`)).json.id).toBe(id);
  expect(performance.now() - before).toBeGreaterThan(50);
  const reply = await client.call("GET", `build/builds/${id}`);
  expect([reply.json.id, reply.headers.get("retry-after")]).toEqual([id, "30"]);
});

test.each([
  [400, "text/html", "400 Bad Request"],
  [403, "text/html", "The request is blocked."],
  [404, "text/plain", "no healthy upstream"],
  [451, "text/html", "451 Unavailable For Legal Reasons"],
  [503, "text/plain", "upstream connect error"],
])("the fault gateway sends %i as %s with %j and no header of the service", async (status, type, words) => {
  await using client = await openSimulator();
  client.simulator.order({ on: start, nth: 1, fault: { kind: "gateway", status } });
  client.simulator.order({
    on: start,
    nth: 2,
    fault: { kind: "gateway", status, handled: true, body: "own" },
  });
  const reply = await client.call("POST", post, {});
  expect([reply.status, reply.headers.get("content-type")?.split(";")[0]]).toEqual([status, type]);
  expect(reply.text).toContain(words);
  expect([...reply.headers.keys()].filter((name) => /^(activityid|x-)/.test(name))).toEqual([]);
  expect(client.simulator.runs).toHaveLength(0);
  expect((await client.call("POST", post, {})).text).toBe("own");
  expect(client.simulator.runs).toHaveLength(1);
});

test("the fault wrong-clock moves the Date header of a response by its seconds", async () => {
  await using client = await openSimulator();
  const id = await client.startRun(42);
  client.simulator.order({ on: poll, nth: 1, fault: { kind: "wrong-clock", seconds: -3_600 } });
  const dateOf = async () =>
    Date.parse((await client.call("GET", `build/builds/${id}`)).headers.get("date") ?? "");
  const wrong = await dateOf();
  const minutes = Math.round(((await dateOf()) - wrong) / 60_000);
  expect(minutes).toBe(60);
});

test("the fault interim sends a 1xx before the response or alone, and raw causes a protocol error", async () => {
  await using client = await openSimulator();
  const id = await client.startRun(42);
  const { order, organization } = client.simulator;
  order({ on: poll, nth: 1, fault: { kind: "interim", status: 102 } });
  order({ on: poll, nth: 2, fault: { kind: "interim", status: 103, alone: true } });
  order({ on: poll, nth: 3, fault: { kind: "raw", text: "SSH-2.0-OpenSSH\r\n" } });
  order({ on: poll, nth: 4, fault: { kind: "interim", status: 101 } });
  const informed: number[] = [];
  const statusOrError = (timeout: number) =>
    new Promise<number | string>((resolve) => {
      const options = { timeout, headers: { authorization: basicAuth } };
      const outgoing = get(`${organization}/web/_apis/build/builds/${id}`, options, (incoming) => {
        incoming.resume();
        resolve(incoming.statusCode ?? 0);
      });
      outgoing.on("information", ({ statusCode }) => informed.push(statusCode));
      outgoing.on("upgrade", (incoming) => {
        outgoing.destroy();
        resolve(`upgrade ${incoming.statusCode}`);
      });
      outgoing.on("timeout", () => outgoing.destroy(new Error("timeout")));
      outgoing.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    });
  expect(await statusOrError(1000)).toBe(200);
  expect(await statusOrError(80)).toBe("timeout");
  expect(await statusOrError(1000)).toMatch(/^HPE_/);
  expect(await statusOrError(1000)).toBe("upgrade 101");
  expect(informed).toEqual([102, 103]);
});

test("close() closes the connections of stalled requests", async () => {
  const client = await openSimulator();
  client.simulator.order({ on: { path: /./ }, fault: { kind: "stall" } });
  const hanging = client.call("GET", "pipelines/42").then(
    () => "answered",
    () => "cut off",
  );
  while (client.simulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await client.simulator.close();
  expect(await hanging).toBe("cut off");
});
