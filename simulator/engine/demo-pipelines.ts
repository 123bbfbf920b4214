import type { PipelineSpec } from "../spec.ts";
import { bashTask, checkout, demoCi, demoSmoke, deployStage } from "./demo-pipelines-ci.ts";
import { untrusted } from "./demo-pipelines-untrusted.ts";

const web = { type: "TfsGit", name: "web", defaultBranch: "refs/heads/main" } as const;

const nightly: PipelineSpec = {
  id: 44,
  name: "nightly",
  repository: web,
  stages: [
    {
      name: "Audit",
      jobs: [
        {
          name: "Licences",
          tasks: [
            checkout,
            {
              ...bashTask("Check licences", 3, ["2 of 812 packages have no licence field."]),
              result: "succeededWithIssues",
              issues: [
                { type: "error", message: "left-pad@1.3.0 has no licence." },
                { type: "warning", message: "The allow-list is 400 days old." },
              ],
            },
          ],
        },
        { name: "Fuzz", skipped: true, tasks: [bashTask("Fuzz", 60)] },
      ],
    },
    { name: "Report", jobs: [{ name: "Mail", tasks: [bashTask("Send the report", 2)] }] },
  ],
  history: [6, 7, 6],
};

const release: PipelineSpec = {
  ...demoCi,
  id: 45,
  name: "release",
  folder: "\\release",
  stages: [
    ...demoCi.stages.slice(0, 2),
    deployStage("Production", {
      displayName: "Deploy to production",
      approval: { approvers: ["Release managers"], instructions: "Is the change on the calendar?" },
    }),
  ],
};

const queued: PipelineSpec = {
  id: 46,
  name: "queued",
  repository: web,
  queueSeconds: 120,
  stages: [
    { name: "__default", jobs: [{ name: "Job", tasks: [checkout, bashTask("Say hello", 1, ["hello"])] }] },
  ],
  history: [125, 118, 140],
};

const slow: PipelineSpec = {
  id: 47,
  name: "slow",
  repository: web,
  cancelSeconds: 3,
  stages: [
    {
      name: "Load",
      jobs: [
        {
          name: "Soak",
          tasks: [
            checkout,
            bashTask("Soak test", 600),
            { ...bashTask("Clean up", 1, ["Removed 3 containers."]), always: true },
          ],
        },
      ],
    },
    { name: "Report", jobs: [{ name: "Mail", tasks: [bashTask("Send the report", 2)] }] },
  ],
};

const hello: PipelineSpec = {
  id: 49,
  name: "hello",
  repository: { type: "GitHub", name: "contoso/hello", defaultBranch: "refs/heads/main" },
  stages: [
    { name: "__default", jobs: [{ name: "Job", tasks: [checkout, bashTask("Say hello", 2, ["hello"])] }] },
  ],
  history: [3, 3, 4],
};

/** Fails once, and passes when its failed stage is retried. */
const flaky: PipelineSpec = {
  id: 50,
  name: "flaky",
  repository: web,
  stages: [
    {
      name: "Test",
      jobs: [
        { name: "Lint", tasks: [checkout, bashTask("Lint", 1)] },
        {
          name: "Browser",
          tasks: [
            checkout,
            {
              ...bashTask("Run in the browser", 3, ["TimeoutError: waited 30000 ms"]),
              result: ["failed", "succeeded"],
            },
          ],
        },
      ],
    },
    { name: "Publish", jobs: [{ name: "Pack", tasks: [bashTask("Pack", 1)] }] },
  ],
};

const manualValidation = {
  id: "2003ad3a-104a-451a-9238-60474ab294e6",
  name: "ManualValidation",
  version: "1.0.0",
};

/** Has a manual validation in an agentless job, and a manual production stage. */
const promote: PipelineSpec = {
  id: 51,
  name: "promote",
  folder: "\\release",
  repository: web,
  stages: [
    deployStage("Staging", { displayName: "Deploy to staging" }),
    {
      name: "Verify",
      jobs: [
        {
          name: "Ask",
          displayName: "Check staging",
          server: true,
          tasks: [{ name: "ManualValidation", seconds: 0, task: manualValidation, waitsForValidation: true }],
        },
      ],
    },
    deployStage("Production", { displayName: "Deploy to production", trigger: "manual" }),
  ],
};

/** The pipelines of the demo organization. */
export const demoPipelines: readonly PipelineSpec[] = [
  demoCi,
  demoSmoke,
  nightly,
  release,
  queued,
  slow,
  untrusted,
  hello,
  flaky,
  promote,
];
