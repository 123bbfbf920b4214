import { parse } from "yaml";
import { type WithBlock, workflowInputs } from "../../runner-emulator/workflow-inputs.ts";
import { demoPipelines, type PipelineSpec, startSimulator } from "../../simulator/index.ts";
import { createAzureDevOpsClient } from "../../src/azure-devops/client.ts";
import { compileCondition, evaluateCondition } from "../../src/core/condition.ts";
import { compile } from "../../src/core/expression.ts";
import type { RunDocument } from "../../src/core/model.ts";
import { documentOf } from "../../src/core/run-document.ts";
import { clock } from "../../src/github/clock.ts";
import { createTransport } from "../../src/http/transport.ts";
import { textMapping } from "../../src/inputs/mappings.ts";
import { textOf } from "./repository.ts";

interface Recipe {
  readonly title: string;
  /** The `with:` blocks of the steps that use the action. */
  readonly steps: readonly Readonly<Record<string, string>>[];
}

interface Step {
  readonly uses?: string;
  readonly with?: WithBlock;
  readonly parallel?: readonly Step[];
}

/** The recipes of docs/recipes.md: each `###` with the action's steps below it. */
export function readRecipes(): readonly Recipe[] {
  const [, ...sections] = textOf("docs/recipes.md").split(/^### /m);
  return sections.map((section) => {
    const blocks = [...section.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, yaml = ""]) => parse(yaml));
    const steps = (blocks.flat() as Step[]).flatMap((step) => step.parallel ?? [step]);
    return {
      title: section.split("\n", 1)[0] ?? "",
      steps: steps.flatMap((step) =>
        step.uses?.includes("run-azure-pipeline") && step.with ? [workflowInputs(step.with)] : [],
      ),
    };
  });
}

const { inputs } = parse(textOf("action.yml")) as { inputs: Record<string, { default?: string }> };

/** Whether a step's condition, or its default, is true for a document. */
export async function isMet(
  name: "stop-when" | "success-when" | "retry-when" | "find-when",
  step: Readonly<Record<string, string>>,
  document: RunDocument,
): Promise<boolean> {
  const options = { document: name === "find-when" ? "list" : "run", warn: unexpectedWarning } as const;
  const condition = await compileCondition(step[name] ?? inputs[name]?.default ?? "", options);
  return evaluateCondition(condition, document).holds;
}

function unexpectedWarning(text: string): never {
  throw new Error(`a recipe causes a warning: ${text}`);
}

/** The verdict of a recipe's step on a document. */
export async function evaluateRecipe(step: Readonly<Record<string, string>>, document: RunDocument) {
  const shouldStop = document.status === "completed" || (await isMet("stop-when", step, document));
  return shouldStop ? await isMet("success-when", step, document) : "waits";
}

export async function evaluateMappedOutputs(step: Readonly<Record<string, string>>, document: RunDocument) {
  const entries = Object.entries(await textMapping(step["map-outputs"] ?? "", unexpectedWarning)).map(
    async ([name, expression]) => [name, (await compile(expression))(document)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

type RunningSimulator = Awaited<ReturnType<typeof startSimulator>>;

interface DocumentRequest {
  readonly pipeline: number;
  /** Seconds since the start, in the simulator's time. */
  readonly seconds: number;
  readonly startBody?: Readonly<Record<string, unknown>>;
  /** Called once that time has passed. */
  readonly afterAdvance?: (
    simulator: RunningSimulator,
    run: { readonly id: number; cancel(): Promise<void> },
  ) => unknown;
}

/** One job fails at once, the other keeps running. */
const mixedResults: PipelineSpec = {
  id: 60,
  name: "mixedResults",
  repository: { type: "TfsGit", name: "web", defaultBranch: "refs/heads/main" },
  stages: [
    {
      name: "Test",
      jobs: [
        { name: "Lint", tasks: [{ name: "Lint", seconds: 1, result: "failed" }] },
        { name: "Soak", tasks: [{ name: "Soak", seconds: 500 }] },
      ],
    },
  ],
};

/** The run document of a simulated run at a given time, made by the action's own code. */
export async function documentAt({
  pipeline,
  seconds,
  startBody = {},
  afterAdvance,
}: DocumentRequest): Promise<RunDocument> {
  await using simulator = await startSimulator({
    speed: 0,
    accepts: () => "yes",
    pipelines: [...demoPipelines, mixedResults],
  });
  const transport = createTransport();
  const never = new AbortController().signal;
  const signIn = {
    description: undefined,
    authorization: async () => "Basic Ong=",
    refresh: async () => false,
  };
  const { runs } = createAzureDevOpsClient(
    { baseUrl: simulator.organization, project: "web", apiVersion: "7.1", givenInputs: new Set() },
    { transport, clock, signIn, random: () => 0, redact: (text) => text },
  );
  const request = { body: startBody, onSend: () => never };
  const started = await runs.start(pipeline, request, never);
  simulator.advance(seconds);
  const cancel = () => runs.cancel(started.id, { retryForMs: 0 }, never);
  await afterAdvance?.(simulator, { id: started.id, cancel });
  const { run, tree } = await runs.createPoller(started.id)(
    { retryForMs: 0, alwaysReadTimeline: true },
    never,
  );
  transport.close();
  return documentOf(run, tree, started.raw);
}
