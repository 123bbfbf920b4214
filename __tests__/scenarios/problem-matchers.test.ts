import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runAction } from "../../runner-emulator/runner.ts";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { type PipelineSpec, startSimulator } from "../../simulator/index.ts";
import { inputsFor } from "../support/scenario.ts";

/** The matcher of tsc that setup-node registers, and one that matches anywhere in a line, like eslint-compact's. */
const patterns = {
  tsc: {
    regexp: "^([^\\s].*)\\((\\d+),\\d+\\): (error|warning) (.+)$",
    file: 1,
    line: 2,
    severity: 3,
    message: 4,
  },
  compact: {
    regexp: "^(.+)\\((\\d+),\\d+\\): (error|warning) (.+)$",
    file: 1,
    line: 2,
    severity: 3,
    message: 4,
  },
};

function matcherFile(owner: keyof typeof patterns): string {
  const path = join(temporaryFolder(), `${owner}.json`);
  writeFileSync(path, JSON.stringify({ problemMatcher: [{ owner, pattern: [patterns[owner]] }] }));
  return path;
}

const problems = Array.from(
  { length: 12 },
  (_, index) => `src/a.ts(${index + 3},5): error TS2304: Cannot find name`,
);

const pipeline: PipelineSpec = {
  id: 42,
  name: "ci",
  repository: { type: "TfsGit", name: "web", defaultBranch: "refs/heads/main" },
  stages: [
    {
      name: "Build",
      jobs: [
        {
          name: "Compile",
          tasks: [
            {
              name: "tsc",
              seconds: 1,
              result: "failed",
              log: problems,
              issues: [{ type: "error", message: "tsc exited with code 2." }],
            },
          ],
        },
      ],
    },
  ],
};

const relayed = Array<string>(10).fill("TS2304: Cannot find name");

it.each([
  ["tsc", []],
  ["compact", relayed.slice(1)],
] as const)(
  "the matcher %s of an earlier step leaves the result with its cause among the ten errors",
  async (owner, others) => {
    await using azure = await startSimulator({ speed: 20, accepts: () => "yes", pipelines: [pipeline] });
    const { main } = await runAction(inputsFor(azure), { matcherFiles: [matcherFile(owner)] });
    expect(main.log).toContain(" │ src/a.ts(3,5): error TS2304");
    expect(main.annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/ failed in Build › Compile › tsc: tsc exited with code 2\. http/),
      ...others,
    ]);
  },
);
