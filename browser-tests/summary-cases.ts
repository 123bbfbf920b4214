import { runAction } from "../runner-emulator/runner.ts";
import { type PipelineSpec, startSimulator } from "../simulator/index.ts";

export interface SummaryCase {
  readonly name: string;
  readonly pipelineId: number;
  readonly heading: RegExp;
  readonly inputs?: Readonly<Record<string, string>>;
  readonly pipelines?: readonly PipelineSpec[];
  readonly approves?: boolean;
  /** A chart of long names does not fit a narrow page. */
  readonly hasLongNames?: boolean;
}

/** Eight hundred jobs: more than a chart or a table is good for. */
const manyJobs: PipelineSpec = {
  id: 51,
  name: "everything",
  repository: { type: "TfsGit", name: "web", defaultBranch: "refs/heads/main" },
  stages: Array.from({ length: 20 }, (_, stage) => ({
    name: `Stage${stage}`,
    displayName: `Part ${stage + 1} of all there is`,
    jobs: Array.from({ length: 40 }, (_, job) => ({
      name: `Job${job}`,
      displayName: `Configuration ${job + 1}`,
      queueSeconds: job % 7,
      tasks: [
        {
          name: "Build and test",
          seconds: 20 + ((stage * 31 + job * 17) % 40),
          result: stage === 19 && job % 13 === 0 ? ("failed" as const) : ("succeeded" as const),
          log: ["Restoring", "Compiling", `Test ${job} did not answer.`],
        },
      ],
    })),
  })),
};

const job = (displayName: string, seconds: number) => ({
  name: displayName.replaceAll(/\W/g, "_"),
  displayName,
  tasks: [{ name: "Run", seconds, result: "succeeded" as const, log: [displayName] }],
});

/** Names as long as those of many real pipelines, on jobs that are short and long. */
const longNames: PipelineSpec = {
  id: 52,
  name: "platform-services-continuous-delivery",
  repository: { type: "TfsGit", name: "web", defaultBranch: "refs/heads/main" },
  stages: [
    {
      name: "Build",
      displayName: "Build and publish all container images",
      jobs: [job("Integration tests (windows-latest, node 24)", 90), job("Lint", 5)],
    },
    {
      name: "DeployWestEurope",
      displayName: "Deploy to production (West Europe)",
      jobs: [
        job("Roll out to the first ring of customers", 12),
        job("Warm up the caches of every region", 60),
      ],
    },
  ],
};

export const summaryCases: readonly SummaryCase[] = [
  { name: "pass", pipelineId: 42, heading: /✅ web › ci: succeeded/ },
  { name: "fail", pipelineId: 43, heading: /❌ web › deploy: failed in Staging › Smoke tests/ },
  { name: "partial", pipelineId: 44, heading: /❌ web › nightly: partially succeeded/ },
  { name: "approval", pipelineId: 45, heading: /✅ web › release: succeeded/, approves: true },
  {
    name: "waiting",
    pipelineId: 45,
    heading: /⏱️ web › release: timed out after 4 s/,
    inputs: { timeout: "4s" },
  },
  {
    name: "validation",
    pipelineId: 51,
    heading: /⏱️ web › promote: timed out after 4 s/,
    inputs: { timeout: "4s" },
  },
  {
    name: "hostile",
    pipelineId: 48,
    heading: /failed in <!-- comment/,
    inputs: { ref: "refs/heads/feature/#1&<b>x</b>" },
    hasLongNames: true,
  },
  { name: "classic", pipelineId: 49, heading: /✅ web › hello: succeeded/ },
  {
    name: "long",
    pipelineId: 52,
    heading: /✅ web › platform-services-continuous-delivery: succeeded/,
    pipelines: [longNames],
    hasLongNames: true,
  },
  { name: "huge", pipelineId: 51, heading: /❌ web › everything: failed/, pipelines: [manyJobs] },
];

/** The summary that the action as it ships writes of a run, and the address that all its links begin with. */
export async function runForSummary(summaryCase: SummaryCase): Promise<{ summary: string; origin: string }> {
  const speed = summaryCase.pipelines === undefined ? 12 : 400;
  await using azure = await startSimulator({
    speed,
    accepts: () => "yes",
    ...(summaryCase.pipelines && { pipelines: summaryCase.pipelines }),
  });
  const { main } = await runAction(
    {
      organization: azure.organization,
      project: "web",
      "pipeline-id": String(summaryCase.pipelineId),
      ref: "main",
      token: "browserTestsBrowserTestsBrowserTestsBrowserTests1234",
      "poll-interval": "1s",
      ...summaryCase.inputs,
    },
    {
      onLine: (line) => {
        const [run] = azure.runs;
        if (!summaryCase.approves || !line.includes("waits for approval") || !run) return;
        azure.advance(48);
        azure.approve(run.id, "Production");
      },
    },
  );
  return { summary: main.summary, origin: `${azure.url}/` };
}
