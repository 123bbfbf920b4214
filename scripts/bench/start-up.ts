import { errorReply, startRoute } from "../../__tests__/support/azure-responses.ts";
import { inputsFor } from "../../__tests__/support/scenario.ts";
import { scriptedAzure } from "../../__tests__/support/scripted-azure.ts";
import { median, runBundle, runNode, scriptFile } from "./process.ts";

/** Nothing but the POST. */
const script = (load: string) => `${load}
const body = JSON.stringify({ resources: { repositories: { self: { refName: "refs/heads/main" } } } });
const request = http.request(process.env.ADDRESS, {
  method: "POST",
  headers: {
    authorization: "Basic " + Buffer.from(":" + process.env.TOKEN).toString("base64"),
    accept: "application/json",
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  },
}, (response) => {
  response.setEncoding("utf8");
  let text = "";
  response.on("data", (chunk) => { text += chunk; });
  response.on("end", () => {
    JSON.parse(text);
    process.exitCode = response.statusCode === 200 ? 0 : 1;
  });
});
request.on("error", () => process.exit(1));
request.end(body);
`;

/** Medians of interleaved runs. Milliseconds from the spawn to when the request arrives; of `node -e 0`, to its end. */
export async function measureStartUp(rounds: number) {
  await using azure = await scriptedAzure({ [startRoute]: errorReply(403, "AccessDeniedException", "no") });
  const address = `${azure.organization}/web/_apis/pipelines/42/runs?api-version=7.1`;
  const env = { PATH: process.env["PATH"], ADDRESS: address, TOKEN: "x".repeat(52) };
  const required = scriptFile("post.cjs", script('const http = require("node:http");'));
  const imported = scriptFile("post.mjs", script('import * as http from "node:http";'));
  const variants = {
    nothing: () => runNode(["-e", "0"], env),
    required: () => runNode([required], env),
    imported: () => runNode([imported], env),
    action: () => runBundle(inputsFor(azure)),
  };
  const times = { nothing: [], required: [], imported: [], action: [] } as Record<
    keyof typeof variants,
    number[]
  >;
  for (let round = 0; round <= rounds; round += 1) {
    for (const variant of Object.keys(variants) as (keyof typeof variants)[]) {
      const requestsBefore = azure.requests.length;
      const { startedAt, endedAt } = await variants[variant]();
      const arrivedAt = azure.requests[requestsBefore]?.at ?? endedAt;
      // The first round warms the disk's cache.
      if (round > 0) times[variant].push(arrivedAt - startedAt);
    }
  }
  return {
    nothing: median(times.nothing),
    required: median(times.required),
    imported: median(times.imported),
    action: median(times.action),
  };
}
