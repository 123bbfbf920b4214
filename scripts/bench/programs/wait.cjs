// Starts a run, polls it at a fixed interval, repeats what fails, and passes or fails with the run. With TIMELINE it also
// asks for the timeline's changes, and parses them.
const http = require("node:http");

const { API, TOKEN, TIMELINE } = process.env;
const intervalMs = Number(process.env.INTERVAL_MS);
const agent = new http.Agent({ keepAlive: true });
const headers = { authorization: `Basic ${Buffer.from(`:${TOKEN}`).toString("base64")}` };

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

const send = (method, path) =>
  new Promise((resolve, reject) => {
    const request = http.request(`${API}/${path}`, { method, agent, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    request.on("error", reject).end(method === "POST" ? "{}" : undefined);
  });

async function read(method, path) {
  for (;;) {
    const response = await send(method, path).catch(() => undefined);
    if (response?.status === 200) return JSON.parse(response.text);
    await sleep(Math.max(intervalMs, Number(response?.headers["retry-after"] ?? 0) * 1_000));
  }
}

async function main() {
  const { id } = await read("POST", "pipelines/42/runs?api-version=7.1");
  let change = "";
  for (;;) {
    const run = await read("GET", `build/builds/${id}?api-version=7.1`);
    if (TIMELINE) {
      const { changeId } = await read("GET", `build/builds/${id}/timeline?${change}api-version=7.1`);
      change = `changeId=${changeId}&`;
    }
    if (run.status === "completed") {
      agent.destroy();
      process.exitCode = run.result === "succeeded" ? 0 : 1;
      return;
    }
    await sleep(intervalMs);
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
