import { expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { type PipelineSpec, startSimulator } from "../../simulator/index.ts";
import { inputsFor } from "../support/scenario.ts";

const lines = 100_000;

function* manyLines(): Generator<string> {
  for (let line = 0; line < lines; line += 1)
    yield `line ${line} of a log that has much to say ${"x".repeat(50)}`;
}

const talkative: PipelineSpec = {
  id: 42,
  name: "talkative",
  repository: { type: "TfsGit", name: "web", defaultBranch: "refs/heads/main" },
  stages: [
    { name: "__default", jobs: [{ name: "Job", tasks: [{ name: "Talk", seconds: 1, log: manyLines }] }] },
  ],
};

// What it takes of memory and time is measured by `npm run bench`, with ten times as much.
it("relays a log of ten megabytes without holding it", async () => {
  await using azure = await startSimulator({ speed: 20, accepts: () => "yes", pipelines: [talkative] });
  const { main } = await runAction(inputsFor(azure, { logs: "all", summary: "false" }));
  expect(main.exitCode).toBe(0);
  const relayed = main.log.split("\n").filter((line) => line.startsWith(" │ line "));
  expect(relayed).toHaveLength(lines);
  expect(relayed.at(-1)).toContain(`line ${lines - 1} `);
  // Node warns if listeners are added for each chunk.
  expect(main.raw).not.toContain("Warning");
  expect(main.peakRssKb).toBeLessThan(200_000);
});
