import { get } from "node:http";
import { expect, test } from "vitest";
import { basicAuth, openSimulator } from "./simulator-client.ts";

const start = { method: "POST", path: /\/pipelines\/42\/runs$/ };

const post = "pipelines/42/runs?api-version=7.1";

const look = { method: "GET", path: /\/build\/builds\/\d+$/ };

test("reset-before starts nothing; reset-after starts the run and says nothing", async () => {
  await using stage = await openSimulator();
  stage.simulator.order({ on: start, nth: 1, fault: { kind: "reset-before" } });
  stage.simulator.order({ on: start, nth: 2, fault: { kind: "reset-after" } });
  await expect(stage.call("POST", post, {})).rejects.toThrow();
  expect(stage.simulator.runs).toHaveLength(0);
  await expect(stage.call("POST", post, {})).rejects.toThrow();
  expect(stage.simulator.runs).toHaveLength(1);
  expect((await stage.call("POST", post, {})).status).toBe(200);
  expect(stage.simulator.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(
    Array(3).fill(`POST /contoso/web/_apis/${post}`),
  );
});

test("a stalled answer never comes, a stalled body never ends", async () => {
  await using stage = await openSimulator();
  stage.simulator.order({ on: start, nth: 1, fault: { kind: "stall", handled: true } });
  const signal = AbortSignal.timeout(80);
  const { organization } = stage.simulator;
  const { basicAuth } = await import("./simulator-client.ts");
  const headers = { authorization: basicAuth, "content-type": "application/json" };
  await expect(
    fetch(`${organization}/web/_apis/${post}`, { method: "POST", headers, body: "{}", signal }),
  ).rejects.toThrow();
  const [run] = stage.simulator.runs;
  stage.simulator.order({ on: look, fault: { kind: "stall-body" } });
  const url = `${organization}/web/_apis/build/builds/${run?.id}`;
  const controller = new AbortController();
  const response = await fetch(url, { headers, signal: controller.signal });
  expect(response.status).toBe(200);
  setTimeout(() => controller.abort(), 80);
  await expect(response.text()).rejects.toThrow();
});

test("a cut body, garbage, HTML, a status, in the order and the number that was ordered", async () => {
  await using stage = await openSimulator();
  const id = await stage.startRun(42);
  const path = `build/builds/${id}`;
  const { order } = stage.simulator;
  order({ on: look, nth: 1, fault: { kind: "cut-body" } });
  order({ on: look, nth: 2, times: 2, fault: { kind: "garbage" } });
  order({ on: look, nth: 4, fault: { kind: "html", status: 502 } });
  order({
    on: look,
    nth: 5,
    fault: {
      kind: "status",
      status: 503,
      body: '\uFEFF{"$id":"1"}',
      headers: { "Retry-After": "7", "Content-Type": "application/json", activityid: "" },
    },
  });
  await expect(stage.call("GET", path)).rejects.toThrow();
  for (let call = 0; call < 2; call += 1) {
    const reply = await stage.call("GET", path);
    expect([reply.status, reply.json]).toEqual([200, undefined]);
  }
  expect((await stage.call("GET", path)).headers.get("content-type")).toContain("text/html");
  const busy = await stage.call("GET", path);
  expect([busy.status, busy.headers.get("retry-after"), busy.headers.get("activityid")]).toEqual([
    503,
    "7",
    null,
  ]);
  expect((await stage.call("GET", path)).json.id).toBe(id);
});

test("a late answer comes late, and a header can be added to a good one", async () => {
  await using stage = await openSimulator();
  const id = await stage.startRun(42);
  stage.simulator.order({ on: look, nth: 1, fault: { kind: "late", ms: 60 } });
  stage.simulator.order({ on: look, nth: 2, fault: { kind: "headers", headers: { "Retry-After": "30" } } });
  const before = performance.now();
  expect((await stage.call("GET", `build/builds/${id}`)).json.id).toBe(id);
  expect(performance.now() - before).toBeGreaterThan(50);
  const reply = await stage.call("GET", `build/builds/${id}`);
  expect([reply.json.id, reply.headers.get("retry-after")]).toEqual([id, "30"]);
});

test.each([
  [400, "text/html", "400 Bad Request"],
  [403, "text/html", "The request is blocked."],
  [404, "text/plain", "no healthy upstream"],
  [451, "text/html", "451 Unavailable For Legal Reasons"],
  [503, "text/plain", "upstream connect error"],
])("a gateway's %i has a page and no header of the service", async (status, type, words) => {
  await using stage = await openSimulator();
  stage.simulator.order({ on: start, nth: 1, fault: { kind: "gateway", status } });
  stage.simulator.order({
    on: start,
    nth: 2,
    fault: { kind: "gateway", status, handled: true, body: "own" },
  });
  const reply = await stage.call("POST", post, {});
  expect([reply.status, reply.headers.get("content-type")?.split(";")[0]]).toEqual([status, type]);
  expect(reply.text).toContain(words);
  expect([...reply.headers.keys()].filter((name) => /^(activityid|x-)/.test(name))).toEqual([]);
  expect(stage.simulator.runs).toHaveLength(0);
  expect((await stage.call("POST", post, {})).text).toBe("own");
  expect(stage.simulator.runs).toHaveLength(1);
});

test("a 1xx answer comes before the real one, or alone; other bytes are a protocol error", async () => {
  await using stage = await openSimulator();
  const id = await stage.startRun(42);
  const { order, organization } = stage.simulator;
  order({ on: look, nth: 1, fault: { kind: "interim", status: 102 } });
  order({ on: look, nth: 2, fault: { kind: "interim", status: 103, alone: true } });
  order({ on: look, nth: 3, fault: { kind: "raw", text: "SSH-2.0-OpenSSH\r\n" } });
  order({ on: look, nth: 4, fault: { kind: "interim", status: 101 } });
  const informed: number[] = [];
  const asked = (timeout: number) =>
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
  expect(await asked(1000)).toBe(200);
  expect(await asked(80)).toBe("timeout");
  expect(await asked(1000)).toMatch(/^HPE_/);
  expect(await asked(1000)).toBe("upgrade 101");
  expect(informed).toEqual([102, 103]);
});

test("closing ends what hangs", async () => {
  const stage = await openSimulator();
  stage.simulator.order({ on: { path: /./ }, fault: { kind: "stall" } });
  const hanging = stage.call("GET", "pipelines/42").then(
    () => "answered",
    () => "cut off",
  );
  while (stage.simulator.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
  await stage.simulator.close();
  expect(await hanging).toBe("cut off");
});
