import { parse } from "yaml";
import { demoPipelines, demoToken } from "../../simulator/index.ts";

type Inputs = Readonly<Record<string, string>>;

/** Inputs that determine the credential. A token with them would be a contradiction. */
const credentialInputs = [
  "auth",
  "token",
  "tenant-id",
  "client-id",
  "client-secret",
  "client-certificate",
  "refresh-token",
];

export function isForSimulator(given: Inputs): boolean {
  return given["organization"] === undefined && given["url"] === undefined;
}

/** The default inputs for the simulator. */
export function simulatorInputs(
  given: Inputs,
  simulator: { readonly organization: string; readonly project: string },
): Inputs {
  const isNamed = ["pipeline-name", "run-id"].some((name) => given[name] !== undefined);
  return {
    organization: simulator.organization,
    project: simulator.project,
    ...(!isNamed && { "pipeline-id": "42" }),
    ...(given["run-id"] === undefined && { ref: "main" }),
    "poll-interval": "1s",
    ...withToken(given, demoToken),
  };
}

/** The token of the environment, unless another credential was given. */
export function withToken(given: Inputs, token: string | undefined): Inputs {
  const hasCredential = credentialInputs.some((name) => given[name] !== undefined);
  return token === undefined || hasCredential ? given : { ...given, token };
}

interface InputDescription {
  readonly description: string;
  readonly default?: string;
}

/** The inputs of an action.yml. */
export function inputsOf(actionFile: string): Readonly<Record<string, InputDescription>> {
  const { inputs } = parse(actionFile, { schema: "failsafe" }) as {
    readonly inputs: Readonly<Record<string, InputDescription>>;
  };
  return inputs;
}

export function usageOf(inputs: Readonly<Record<string, InputDescription>>): string {
  const lines = Object.entries(inputs).map(
    ([name, { description }]) => `  --${name.padEnd(24)}  ${description.trim().replaceAll(/\s+/g, " ")}`,
  );
  const pipelines = demoPipelines.map(({ id, name }) => `  ${id}  ${pipelineDescriptions[id] ?? name}`);
  return `npm start                        run the action against a simulator of Azure DevOps, which takes about 20 seconds
npm start -- --pipeline-id 43    the same with another pipeline, or any other input
npm start -- --keep              the same, and keep the simulator running until Ctrl+C
npm start -- --organization contoso --project web --pipeline-id 42
                                 run it against the real service, with the token in AZURE_DEVOPS_TOKEN

Pipelines of the simulator:
${pipelines.join("\n")}

Inputs:
${lines.join("\n")}`;
}

const pipelineDescriptions: Readonly<Record<number, string>> = {
  42: "passes",
  43: "fails in its smoke tests",
  44: "partially succeeds",
  45: "waits for an approval: approve it at the URL in the log",
  46: "waits two minutes for an agent",
  47: "takes ten minutes: Ctrl+C cancels the run",
  48: "has names and logs with GitHub commands, Markdown and terminal sequences",
  49: "has a single job",
  50: "fails once, and passes when its failed stages are retried",
  51: "waits for a manual validation, and has a manual stage: resume and start them at the URL in the log",
};
