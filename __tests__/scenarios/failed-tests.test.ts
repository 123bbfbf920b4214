import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { defaultSha } from "../../runner-emulator/job.ts";
import { runAction } from "../../runner-emulator/runner.ts";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { type PipelineSpec, startSimulator } from "../../simulator/index.ts";
import { startGitHubServer, withGitHub } from "../support/github-server.ts";
import { inputsFor } from "../support/scenario.ts";

const passed = "a".repeat(40);

const frame = "at check (/home/vsts/work/1/s/src/health.test.ts:12:5)";

const pipeline: PipelineSpec = {
  id: 42,
  name: "ci",
  repository: {
    type: "GitHub",
    name: "octo/shop",
    defaultBranch: "refs/heads/main",
    commits: [
      { sha: passed, message: "Add health check" },
      { sha: "b".repeat(40), message: "Answer faster\n\nMuch faster.", author: "Grace <b>" },
      { sha: defaultSha, message: "Drop the cache for @octo" },
    ],
  },
  stages: [
    {
      name: "Build",
      jobs: [{ name: "Test", tasks: [{ name: "npm test", seconds: 2, result: "failed" }] }],
    },
  ],
  triggeredRuns: [
    {
      afterSeconds: -3_600,
      version: passed,
      stages: [{ name: "Build", jobs: [{ name: "Test", tasks: [{ name: "npm test", seconds: 120 }] }] }],
    },
  ],
  tests: {
    passed: 400,
    failed: 12,
    newFailures: 2,
    failures: [{ name: "Health ▸ answers", errorMessage: "expected 200\nbut was 503", stackTrace: frame }],
  },
};

it("failed tests and changes are shown in the log, the check run and the summary", async () => {
  const workspace = temporaryFolder();
  mkdirSync(join(workspace, "src"));
  writeFileSync(join(workspace, "src", "health.test.ts"), "");
  await using github = await startGitHubServer();
  await using azure = await startSimulator({ speed: 100, accepts: () => "yes", pipelines: [pipeline] });
  const inputs = inputsFor(azure, { commit: defaultSha, "check-run": "azure" });
  const { main } = await runAction(inputs, { ...withGitHub(github), workspace });
  expect(main.exitCode, main.log).toBe(1);

  // The result with its cause comes first; GitHub shows ten errors.
  const errors = main.annotations.filter(({ level }) => level === "error");
  expect(errors.map(({ message }) => message.split("\n")[0])).toEqual([
    expect.stringMatching(/^\S+ failed in Build › Test › npm test: /),
    "Health ▸ answers (src/health.test.ts:12): expected 200",
    ...Array.from({ length: 8 }, () =>
      expect.stringMatching(/^Failed test \d \(health.test.ts:12\): Expected true/),
    ),
  ]);
  expect(main.log).toContain("\nAnd 3 more failed tests in the run.\n");
  expect(errors[1]).toMatchObject({ file: "src/health.test.ts", line: 12 });

  const [check] = github.checkRuns;
  expect(check?.output.title).toMatch(/ failed in Build › Test › npm test: Bash exited with code '1'/);
  expect(check?.annotations.map(({ path, start_line: line }) => `${path}:${line}`)).toEqual([
    "src/health.test.ts:12",
    ...Array.from({ length: 11 }, () => "health.test.ts:12"),
  ]);
  for (const text of [main.summary, check?.output.summary ?? ""]) {
    expect(text).toContain(
      "**Tests** 400 passed, 12 failed (2 new, 10 known)\n\n- `Health ▸ answers`: expected 200 but was 503 (`src/health.test.ts:12`)",
    );
    expect(text).toMatch(
      /\*\*Changes\*\* 2 commits since \[\S+]\(http\S+\), the last run of `main` that succeeded\n\n- /,
    );
    expect(text).toContain("Answer faster (Grace \\<b\\>)");
    expect(text).toContain("Drop the cache for @&#8203;octo (Ada)");
    expect(text).toContain("usually 2 min");
  }
});
