import { expect, it } from "vitest";
import { textOf } from "./repository.ts";

const page = textOf("docs/limits.md");

it.each([
  ["the last 60 lines of each log", "src/app/task-logs.ts", "tailLines = 60;"],
  ["50 logs", "src/app/task-logs.ts", "maxFailedLogs = 50;"],
  ["the last 20 lines of each log", "src/app/log-excerpts.ts", "maxExcerptLines = 20;"],
  ["10 errors and 10 warnings", "src/app/annotate.ts", "maxAnnotations = 10;"],
  ["| 50 |", "src/azure-devops/test-results.ts", "maxFailures = 50;"],
  ["10 by name", "src/render/baseline.ts", "maxCommits = 10;"],
  ["50 in all", "src/azure-devops/baseline.ts", "maxCommits = 50;"],
  ["3 by name", "src/render/baseline.ts", "maxSlower = 3;"],
  ["at least 30 seconds", "src/core/slower-nodes.ts", "minDifferenceMs = 30_000;"],
  ["25 % longer", "src/core/slower-nodes.ts", "minFactor = 1.25;"],
  ["the newest 1,000 runs", "src/app/search-run.ts", "maxRuns = 1_000;"],
  ["of the last 30 days", "src/app/search-run.ts", "maxAgeMs = 30 * 24 * 3_600_000;"],
  ["64 MiB for a response", "src/http/transport.ts", "maxBodyBytes = 64 * 1024 * 1024;"],
  ["20 GiB", "src/artifacts/unpack.ts", "bytes: 20 * 1024 * mebibyte"],
  ["500,000 files", "src/artifacts/unpack.ts", "entries: 500_000"],
  ["unpacked at most 200 times its size", "src/artifacts/unpack.ts", "ratio: 200,"],
  ["| 5 minutes | `unreachable`", "src/app/wait-for-run.ts", "maxOutageMs = 5 * 60_000;"],
])("docs/limits.md says %s, as does %s: %s", (text, file, code) => {
  expect(page).toContain(text);
  expect(textOf(file)).toContain(code);
});
