import { createRequire, registerHooks } from "node:module";
import { parse } from "yaml";
import { filesOf, textOf } from "./repository.ts";

/** A workflow, or a piece of one, that we show to people. */
interface WorkflowExample {
  /** `docs/recipes.md:29` */
  readonly where: string;
  /** The piece made into a whole workflow. */
  readonly workflow: string;
  readonly isComplete: boolean;
}

/** Every file of examples/, and every YAML block of the README and of docs/. */
export function allExamples(): readonly WorkflowExample[] {
  const files = filesOf("examples/*.yml").map((where) => ({
    where,
    workflow: textOf(where),
    isComplete: true,
  }));
  return [...files, ...filesOf("README.md", "docs/*.md", "docs/**/*.md").flatMap(yamlBlocks)];
}

function yamlBlocks(path: string): WorkflowExample[] {
  const text = textOf(path);
  return [...text.matchAll(/^( *)```ya?ml\n(.*?)^\1```$/gms)].map(([, indent = "", block = ""], index) => {
    const offset = [...text.matchAll(/^ *```ya?ml$/gm)][index]?.index ?? 0;
    const where = `${path}:${text.slice(0, offset).split("\n").length}`;
    return { where, ...toWorkflow(block.replaceAll(new RegExp(`^${indent}`, "gm"), ""), where) };
  });
}

/** Puts around a piece what it needs to be a workflow. */
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
  throw new Error(`${where} is no part of a workflow that this test knows: ${keys.join(", ")}`);
}

/** What GitHub's own language service has to say of a workflow, with our action.yml as the action's. */
export async function validationErrors({ where, workflow, isComplete }: WorkflowExample): Promise<string[]> {
  const { validate } = await languageService();
  // Its cache goes by the address.
  const address = `file:///${where.replaceAll(/\W/g, "-")}.yml`;
  const action = parse(textOf("action.yml"));
  const found = await validate(TextDocument.create(address, "yaml", 1, workflow), {
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

type Document = Parameters<typeof import("@actions/languageservice")["validate"]>[0];

/** The service's own, wherever npm has put it. */
const { TextDocument } = createRequire(import.meta.resolve("@actions/languageservice"))(
  "vscode-languageserver-textdocument",
) as { TextDocument: { create(uri: string, language: string, version: number, text: string): Document } };

let service: Promise<typeof import("@actions/languageservice")> | undefined;

/** Its modules import JSON without saying that it is JSON, which bundlers put up with and Node does not. */
function languageService(): Promise<typeof import("@actions/languageservice")> {
  if (service === undefined) {
    registerHooks({
      resolve: (specifier, context, next) => {
        const found = next(specifier, context);
        if (!found.url.endsWith(".json")) return found;
        return { ...found, importAttributes: { ...found.importAttributes, type: "json" } };
      },
    });
    service = import("@actions/languageservice");
  }
  return service;
}

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

/** The inputs of each of our action's steps, with something plausible for what GitHub would fill in. */
export function actionInputs({ workflow }: WorkflowExample): readonly Readonly<Record<string, string>>[] {
  const { jobs } = parse(workflow) as { jobs: Record<string, { steps: readonly Step[] }> };
  return Object.values(jobs).flatMap(({ steps }) =>
    steps
      .filter(({ uses }) => uses?.includes("/run-azure-pipeline"))
      .map((step) =>
        Object.fromEntries(
          Object.entries(step.with ?? {}).map(([name, value]) => [
            name,
            fillPlaceholders(name, String(value)),
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
    .replaceAll(/\$\{\{.*?\}\}/gs, placeholderValues[name] ?? "x");
}
