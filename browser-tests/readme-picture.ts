// The picture of a failed run's summary that the README shows: `npm run picture` draws it anew.

import { join } from "node:path";
import { at, failingRun, runOf } from "../__tests__/core/builders.ts";
import { buildRunTree } from "../src/core/build-run-tree.ts";
import { rootCauses } from "../src/core/failures.ts";
import { renderSummary } from "../src/render/summary.ts";
import { displaySummary, openBrowser, openPage } from "./page.ts";

const logLines = [
  "GET https://staging.contoso.example/health",
  "HTTP/1.1 503 Service Unavailable",
  "retry 1 of 3 in 5 s",
  "retry 2 of 3 in 5 s",
  "retry 3 of 3 in 5 s",
  "curl: (22) The requested URL returned error: 503",
];

const url = "https://dev.azure.com/contoso/web/_build/results?buildId=345";

const tree = buildRunTree(failingRun());

const causes = rootCauses(tree);

const [first] = causes;

const summary = renderSummary({
  run: runOf({ result: "failed", finishedAt: at(376), requestedBy: "Release Robot" }),
  tree,
  verdict: { kind: "failed", text: "failed" },
  project: "web",
  pipeline: "deploy",
  causes,
  excerpts: [{ jobId: first?.jobId ?? "", taskId: first?.taskId, lines: logLines, totalLines: 43 }],
  tests: { passed: 412, failed: 1, skipped: 0, failedNames: ["Health ▸ answers within a second"] },
  artifacts: [
    { name: "web-package", bytes: 4_210_000, url },
    { name: "test-report", bytes: 88_000, url },
  ],
});

const browser = await openBrowser();

const page = await openPage(browser);

await displaySummary(page, summary);

await page.screenshot({ path: join(import.meta.dirname, "../docs/summary.png"), fullPage: true });

await browser.close();
