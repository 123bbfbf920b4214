import type { CommitSpec, PipelineSpec, StageSpec, TaskSpec } from "../spec.ts";
import { shaFrom } from "./ids.ts";

const web = { type: "TfsGit", name: "web", defaultBranch: "refs/heads/main" } as const;

const bash = { id: "6c731c3c-3c68-459a-a5c9-bde6e6595b5b", name: "Bash", version: "3.250.1" };

const npm = { id: "fe47e961-9fa8-4106-8639-368c024d43ad", name: "Npm", version: "1.250.0" };

export const checkout: TaskSpec = {
  name: "Checkout web@main to s",
  seconds: 1,
  refName: "__system_1",
  task: { id: "a9f559fc-f0b3-4868-81b5-577d00e266d0", name: "Checkout", version: "1.0.0" },
  log: [
    "Syncing repository: web (Git)",
    "git version 2.51.0",
    "##[command]git checkout --progress --force refs/remotes/origin/main",
  ],
};

export function bashTask(name: string, seconds: number, log: readonly string[] = []): TaskSpec {
  return { name, seconds, log, task: bash };
}

const build: StageSpec = {
  name: "Build",
  jobs: [
    {
      name: "Compile",
      tasks: [
        checkout,
        {
          name: "npm ci",
          seconds: 2,
          task: npm,
          log: ["added 812 packages in 2s"],
          issues: [
            {
              type: "warning",
              message: "npm warn deprecated glob@7.2.3: Glob versions prior to v9 are no longer supported",
            },
          ],
        },
        {
          ...bashTask("Compile", 3, [
            "> tsc --build",
            "src/health.ts(12,7): warning TS6133: 'timer' is declared but its value is never read.",
          ]),
          issues: [
            {
              type: "warning",
              category: "Code",
              message: "'timer' is declared but its value is never read.",
              data: { sourcepath: "src/health.ts", linenumber: "12", columnnumber: "7", code: "TS6133" },
            },
          ],
        },
        bashTask("Publish web-package", 1, ["Upload 'web-package' succeeded."]),
      ],
    },
    {
      name: "UnitTests",
      displayName: "Unit tests",
      queueSeconds: 1,
      tasks: [checkout, bashTask("Run the tests", 4, ["412 passing (4s)"])],
    },
  ],
};

export function deployStage(name: string, overrides: Partial<StageSpec> = {}): StageSpec {
  return {
    name,
    jobs: [
      {
        name: "Deploy",
        tasks: [
          bashTask("Download web-package", 1),
          bashTask(`Deploy to ${name.toLowerCase()}`, 3, ["Swapping slots", "Done."]),
        ],
      },
    ],
    ...overrides,
  };
}

const health = `https://staging.contoso.example/health`;

const smokeLog = [
  "Generating script.",
  "========================== Starting Command Output ===========================",
  `[command]/usr/bin/bash smoke.sh ${health}`,
  `GET ${health}`,
  "HTTP/1.1 503 Service Unavailable",
  "retry 1 of 3 in 5 s",
  "retry 2 of 3 in 5 s",
  "retry 3 of 3 in 5 s",
  "curl: (22) The requested URL returned error: 503",
];

const smoke: StageSpec["jobs"][number] = {
  name: "Smoke",
  displayName: "Smoke tests",
  tasks: [
    bashTask("Wait for the slot", 1, ["The slot is up."]),
    {
      ...bashTask("Run curl", 3, smokeLog),
      result: "failed",
      issues: [{ type: "error", message: "Bash exited with code '22'." }],
    },
    bashTask("Record the version", 1),
    { ...bashTask("Collect diagnostics", 1, ["Nothing to collect."]), always: true },
  ],
};

const history = [19, 21, 20, 24, 18, 20, 19, 22, 20, 21];

const artifacts = [
  {
    name: "web-package",
    kind: "PipelineArtifact",
    files: { "web.js": "export const version = '1.4.0';\n", "README.txt": "The web, packed.\n" },
  },
  {
    name: "release",
    kind: "Container",
    files: { "release.json": '{"version":"1.4.0","image":"contoso.example/web:1.4.0"}\n' },
  },
] as const;

/** Passes in about twenty seconds. */
export const demoCi: PipelineSpec = {
  id: 42,
  name: "ci",
  repository: web,
  parameters: [
    { name: "environment", values: ["staging", "production"], default: "staging" },
    { name: "dryRun", type: "boolean", default: "false" },
    { name: "services", type: "object", default: "[]" },
  ],
  settableVariables: ["configuration", "apiKey"],
  queueSeconds: 2,
  stages: [
    build,
    deployStage("Staging", { displayName: "Deploy to staging" }),
    deployStage("Production", { displayName: "Deploy to production" }),
  ],
  artifacts,
  tests: { passed: 412, failed: 0, notExecuted: 3 },
  history,
};

/** Since the latest run of the history. */
const commits: readonly CommitSpec[] = [
  { sha: shaFrom("web refs/heads/main 0"), message: "Cache the start page" },
  { sha: shaFrom("web pool"), message: "Share one connection pool between requests", author: "Grace" },
  { sha: shaFrom("web refs/heads/main"), message: "Answer /health from the pool" },
];

/** Fails in the smoke tests of Staging. */
export const demoSmoke: PipelineSpec = {
  ...demoCi,
  id: 43,
  repository: { ...web, commits },
  name: "deploy",
  folder: "\\release",
  stages: [
    build,
    { name: "Staging", jobs: [...deployStage("Staging").jobs, smoke] },
    deployStage("Production"),
  ],
  tests: {
    passed: 412,
    failed: 1,
    failures: [
      {
        name: "Health ▸ answers within a second",
        errorMessage: "expected 200 but was 503",
        stackTrace: "at check (/home/vsts/work/1/s/src/health.test.ts:12:5)",
      },
    ],
  },
};
