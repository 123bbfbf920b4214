import type { RequestListener } from "node:http";
import { expect, it } from "vitest";
import { logLines } from "../../src/azure-devops/logs.ts";
import { createOpenTextStream } from "../../src/azure-devops/streaming.ts";
import { createFileClient, startFileServer } from "./file-server.ts";

const never = new AbortController().signal;

async function read(handler: RequestListener, log: { linesRead?: number } = {}) {
  await using server = await startFileServer(handler);
  using fileClient = createFileClient(`${server.url}/org`);
  const openStream = createOpenTextStream(fileClient.client);
  const lines: string[] = [];
  const reading = logLines({ openStream, ...fileClient.client }, { runId: 7, logId: 3, ...log }, never);
  let problem: unknown;
  try {
    for await (const { text } of reading) lines.push(...text.split(/\r?\n/).slice(0, -1));
  } catch (error) {
    problem = error;
  }
  return { lines, problem, requests: server.requests, sleeps: fileClient.clock.sleeps };
}

it("logLines requests plain text and yields lines", async () => {
  const { lines, requests } = await read((_, response) => {
    response.setHeader("content-type", "text/plain; charset=utf-8");
    const bytes = Buffer.from("\uFEFFfirst é\r\nsecond\n\uFEFFthird");
    // The chunk ends inside the é.
    response.write(bytes.subarray(0, 10));
    response.end(bytes.subarray(10));
  });
  expect(lines).toEqual(["first é", "second", "third"]);
  expect(requests).toHaveLength(1);
  expect(requests[0]).toMatchObject({
    path: "/org/my%20project/_apis/build/builds/7/logs/3?api-version=7.1",
    authorization: "Bearer first",
    headers: { accept: "text/plain", "x-tfs-fedauthredirect": "Suppress" },
  });
});

it("logLines also reads JSON", async () => {
  const { lines } = await read((_, response) => {
    response.setHeader("content-type", "application/json; charset=utf-8; api-version=7.1");
    response.end(`\uFEFF${JSON.stringify({ count: 2, value: ["a\rb", "c"] })}`);
  });
  expect(lines).toEqual(["a", "b", "c"]);
});

it("logLines continues after a lost connection, without a missing or repeated line", async () => {
  let count = 0;
  const all = Array.from({ length: 9 }, (_, n) => `line ${n}`);
  const { lines, problem, sleeps } = await read((_, response) => {
    count += 1;
    const text = all.map((line) => `${line}\n`).join("");
    if (count === 4) response.end(text);
    else if (count === 3) response.writeHead(503, { "retry-after": "7" }).end();
    else response.write(text.slice(0, count * 20), () => response.destroy());
  });
  expect(problem).toBeUndefined();
  expect(lines).toEqual(all);
  expect(sleeps).toEqual([1_000, 1_000, 7_000]);
});

it("logLines skips the lines that were already read", async () => {
  const { lines } = await read((_, response) => response.end("a\nb\nc\n"), { linesRead: 2 });
  expect(lines).toEqual(["c"]);
});

it("logLines fails after a minute without a new line", async () => {
  const { problem, sleeps } = await read((_, response) => response.writeHead(503).end());
  expect(problem).toMatchObject({
    code: "unreachable",
    message: expect.stringMatching(/^Reading log 3 .* for 1 min/),
  });
  expect(sleeps.reduce((a, b) => a + b)).toBe(60_000);
});

it.each([
  [404, "application/json", '{"typeKey":"BuildLogNotFoundException","message":"No such log."}', "not-found"],
  [401, "text/html", "<html>", "unauthorized"],
  [203, "text/html", "<html>Sign in", "unauthorized"],
  [200, "text/html; charset=utf-8", "<html>Sign in", "unauthorized"],
])("logLines rejects %s %s with %s: %s", async (status, type, body, code) => {
  const { problem, lines } = await read((_, response) =>
    response.writeHead(status, { "content-type": type }).end(body),
  );
  expect(problem).toMatchObject({ code });
  expect(lines).toEqual([]);
});

it("logLines uses an amount of memory that does not depend on the log's length", async () => {
  const block = Buffer.from(`${"x".repeat(99)}\n`.repeat(10_000));
  const before = process.memoryUsage().rss;
  let count = 0;
  let peak = 0;
  await using server = await startFileServer(async (_, response) => {
    for (let sent = 0; sent < 100; sent += 1) {
      if (!response.write(block)) await new Promise((resolve) => response.once("drain", resolve));
    }
    response.end();
  });
  using fileClient = createFileClient(`${server.url}/org`);
  const openStream = createOpenTextStream(fileClient.client);
  for await (const lines of logLines({ openStream, ...fileClient.client }, { runId: 7, logId: 3 }, never)) {
    count += lines.count;
    peak = Math.max(peak, process.memoryUsage.rss());
  }
  expect(count).toBe(1_000_000);
  expect(peak - before).toBeLessThan(120 * 1024 * 1024);
});
