import { expect, it } from "vitest";
import { createCheckRunReporter } from "../../src/github/check-run.ts";
import { createCommitStatusReporter } from "../../src/github/commit-status.ts";
import { createUpdateLimiter } from "../../src/github/report-queue.ts";
import type { CommitReport } from "../../src/ports.ts";
import { commit, onCommit, running, succeeded } from "./on-commit.ts";

it("keeps a status from the start of the run to its end", async () => {
  const { github, clock, outside, asked, warnings } = await onCommit();
  const sign = createCommitStatusReporter({ ...outside, name: "azure/deploy" });
  await sign.open(running);
  clock.advance(30_000);
  await sign.update({ ...running, title: "not shown by a status", summary: () => "nor this" });
  await sign.update({ ...running, description: "Deploy is running" });
  await sign.close(succeeded);
  expect(asked()).toEqual(Array(3).fill(`POST /statuses/${commit}`));
  const target_url = running.runUrl;
  expect(github.statuses).toMatchObject([
    { state: "pending", context: "azure/deploy", description: "Build is running", target_url },
    { state: "pending", context: "azure/deploy", description: "Deploy is running", target_url },
    { state: "success", context: "azure/deploy", description: "Succeeded", target_url },
  ]);
  expect(warnings).toEqual([]);
});

it.each<[CommitReport["kind"], string]>([
  ["succeeded", "success"],
  ["failed", "failure"],
  ["canceled", "failure"],
  ["timed-out", "failure"],
  ["error", "error"],
])("ends after %s as %s", async (kind, state) => {
  const { github, outside } = await onCommit();
  await createCommitStatusReporter({ ...outside, name: "azure" }).close({ ...running, kind });
  expect(github.statuses).toMatchObject([{ state }]);
});

it.each<[string, string]>([
  ["🐛 fix\nthe\u001b[31m bug ⚙️", "fix the bug ⚙️"],
  ["ü".repeat(141), `${"ü".repeat(139)}…`],
  ["🐛", ""],
])("describes %j as GitHub takes it", async (description, expected) => {
  const { github, outside, warnings } = await onCommit();
  await createCommitStatusReporter({ ...outside, name: "azure" }).open({ ...running, description });
  expect(warnings).toEqual([]);
  expect(github.statuses).toMatchObject([{ description: expected }]);
});

it("warns once without permission, and names it", async () => {
  const { outside, warnings, github } = await onCommit({ denied: ["statuses"] });
  const sign = createCommitStatusReporter({ ...outside, name: "azure" });
  await sign.open(running);
  await sign.close(succeeded);
  expect(warnings).toEqual([
    expect.stringMatching(/^The commit status "azure" .*`permissions: statuses: write`/),
  ]);
  expect(github.requests).toHaveLength(1);
});

it("writes its last word again when GitHub hiccuped", async () => {
  const { github, outside, warnings } = await onCommit();
  github.order({ on: { path: /statuses/ }, nth: 2, fault: { kind: "html", status: 500 } });
  const sign = createCommitStatusReporter({ ...outside, name: "azure" });
  await sign.open(running);
  await sign.close(succeeded);
  expect(github.statuses.map(({ state }) => state)).toEqual(["pending", "success"]);
  expect(warnings).toEqual([]);
});

it("takes turns with a check run, so that both together send one update in 30 s", async () => {
  const { clock, outside, asked } = await onCommit();
  const shared = { ...outside, limiter: createUpdateLimiter(clock) };
  const signs = [
    createCheckRunReporter({ ...shared, name: "azure", isExternalRun: false }),
    createCommitStatusReporter({ ...shared, name: "azure" }),
  ];
  for (const sign of signs) await sign.open(running);
  for (let look = 1; look <= 18; look += 1) {
    clock.advance(10_000);
    const news = { ...running, title: `${look}`, description: `${look}` };
    for (const sign of signs) await sign.update(news);
  }
  for (const sign of signs) await sign.close(succeeded);
  const updates = asked().slice(2, -2);
  expect(updates.filter((one) => one.startsWith("PATCH"))).toHaveLength(3);
  expect(updates.filter((one) => one.startsWith("POST"))).toHaveLength(3);
});
