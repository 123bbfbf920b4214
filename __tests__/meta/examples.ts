import { createRequire, findPackageJSON, registerHooks } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { parse } from "yaml";
import { type WithBlock, workflowInputs } from "../../runner-emulator/workflow-inputs.ts";
import { filesOf, textOf } from "./repository.ts";

/** A workflow, or a part of one, in the documentation. */
interface WorkflowExample {
  /** `docs/recipes.md:29` */
  readonly where: string;
  /** The workflow, completed if the documentation shows only a part. */
  readonly workflow: string;
  readonly isComplete: boolean;
}

/** Every file of examples/, and every YAML block of the README and of docs/. */
export function allExamples(): readonly WorkflowExample[] {
  const files = exampleWorkflows().map((where) => ({ where, workflow: textOf(where), isComplete: true }));
  return [...files, ...filesOf("README.md", "docs/*.md", "docs/**/*.md").flatMap(yamlBlocks)];
}

/** Excludes examples/azure, whose files are Azure Pipelines YAML. */
export function exampleWorkflows(): string[] {
  return filesOf("examples/*.yml").filter((path) => !path.startsWith("examples/azure/"));
}

function yamlBlocks(path: string): WorkflowExample[] {
  const text = textOf(path);
  return [...text.matchAll(/^( *)```ya?ml\n(.*?)^\1```$/gms)].map(([, indent = "", block = ""], index) => {
    const found = [...text.matchAll(/^ *```ya?ml$/gm)][index]?.index ?? 0;
    const where = `${path}:${text.slice(0, found).split("\n").length}`;
    return { where, ...toWorkflow(block.replaceAll(new RegExp(`^${indent}`, "gm"), ""), where) };
  });
}

/** Completes a part to a workflow. */
function toWorkflow(block: string, where: string): Omit<WorkflowExample, "where"> {
  const value: unknown = parse(block);
  const indented = (spaces: number) => block.replaceAll(/^(?=.)/gm, " ".repeat(spaces));
  const job = "on: push\njobs:\n  job:\n    runs-on: ubuntu-latest\n";
  if (Array.isArray(value)) return { workflow: `${job}    steps:\n${indented(6)}`, isComplete: false };
  const keys = Object.keys(value ?? {});
  if (keys.includes("jobs")) {
    return { workflow: keys.includes("on") ? block : `on: push\n${block}`, isComplete: keys.includes("on") };
  }
  if (keys.includes("steps")) return { workflow: job + indented(4), isComplete: false };
  const step = "    steps:\n      - uses: OWNER/run-azure-pipeline@v1\n";
  if (keys.includes("with")) return { workflow: `${job}${step}${indented(8)}`, isComplete: false };
  if (keys.includes("permissions"))
    return { workflow: `${job}${indented(4)}    steps:\n      - run: "true"\n`, isComplete: false };
  throw new Error(`${where} is not a part of a workflow that this test knows: ${keys.join(", ")}`);
}

/** What GitHub's own language service reports for a workflow that uses this action. */
export async function validationErrors({ where, workflow, isComplete }: WorkflowExample): Promise<string[]> {
  const { validate, featureFlags } = await languageService();
  // The service caches results by URI.
  const address = `file:///${where.replaceAll(/\W/g, "-")}.yml`;
  const action = parse(textOf("action.yml"));
  const found = await validate(TextDocument.create(address, "yaml", 1, workflow), {
    featureFlags,
    actionsMetadataProvider: {
      fetchActionMetadata: async ({ name }) => (name === "run-azure-pipeline" ? action : undefined),
    },
  });
  return found
    .map(({ message, range }) => ({ range, message: typeof message === "string" ? message : message.value }))
    .filter(({ message }) => !/^Unable to resolve action `(?!OWNER\/run-azure-pipeline)/.test(message))
    .map(({ message, range }) => `line ${range.start.line + 1}: ${message}`)
    .filter((error) => isComplete || !/Context access might be invalid/.test(error));
}

type Validate = typeof import("@actions/languageservice")["validate"];
type Document = Parameters<Validate>[0];
type FeatureFlags = NonNullable<NonNullable<Parameters<Validate>[1]>["featureFlags"]>;

/** Packages of the language service, wherever npm has installed them. */
const serviceUrl = import.meta.resolve("@actions/languageservice");
const { TextDocument } = createRequire(serviceUrl)("vscode-languageserver-textdocument") as {
  TextDocument: { create(uri: string, language: string, version: number, text: string): Document };
};

interface Service {
  readonly validate: Validate;
  readonly featureFlags: FeatureFlags;
}

let service: Promise<Service> | undefined;

/** Its modules import JSON without import attributes, which bundlers accept and Node does not. */
function languageService(): Promise<Service> {
  if (service === undefined) {
    registerHooks({
      resolve: (specifier, context, next) => {
        const found = next(specifier, context);
        if (!found.url.endsWith(".json")) return found;
        return { ...found, importAttributes: { ...found.importAttributes, type: "json" } };
      },
    });
    service = loadService();
  }
  return service;
}

async function loadService(): Promise<Service> {
  const { validate } = await import("@actions/languageservice");
  const packageFile = findPackageJSON("@actions/expressions", serviceUrl) ?? "";
  const { FeatureFlags } = (await import(
    pathToFileURL(join(dirname(packageFile), "dist/index.js")).href
  )) as {
    FeatureFlags: new (features: Record<string, boolean>) => FeatureFlags;
  };
  // Parallel steps are still behind a flag of the service, although GitHub runs them.
  return { validate, featureFlags: new FeatureFlags({ allowBackgroundSteps: true }) };
}

interface Step {
  readonly uses?: string;
  readonly with?: WithBlock;
  readonly parallel?: readonly Step[];
}

/** The inputs of each step that uses this action, with a plausible value for each expression. */
export function actionInputs({ workflow }: WorkflowExample): readonly Readonly<Record<string, string>>[] {
  const { jobs } = parse(workflow) as { jobs: Record<string, { steps: readonly Step[] }> };
  return Object.values(jobs).flatMap(({ steps }) =>
    steps
      .flatMap((step) => step.parallel ?? [step])
      .filter(({ uses }) => uses?.includes("/run-azure-pipeline"))
      .map((step) =>
        Object.fromEntries(
          Object.entries(workflowInputs(step.with ?? {})).map(([name, value]) => [
            name,
            fillPlaceholders(name, value),
          ]),
        ),
      ),
  );
}

const placeholderValues: Readonly<Record<string, string>> = {
  "run-id": "345",
  url: "https://dev.azure.com/contoso/web/_build/results?buildId=345",
  "client-certificate": ["CERTIFICATE", "PRIVATE KEY"]
    .map((label) => `-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----`)
    .join("\n"),
};

function fillPlaceholders(name: string, value: string): string {
  return value
    .replaceAll(/\$\{\{ toJSON\(.*?\) \}\}/g, '"x"')
    .replaceAll(/\$\{\{ .*?\.number \}\}/g, "7")
    .replaceAll(/\$\{\{ .*?sha \}\}/g, "a".repeat(40))
    .replaceAll(/\$\{\{.*?\}\}/gs, placeholderValues[name] ?? "x");
}
