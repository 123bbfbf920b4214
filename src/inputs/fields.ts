import { compileCondition, defaultStopWhen, defaultSuccessWhen } from "../core/condition.ts";
import { authChoices, azureDevOpsScope } from "../core/credentials.ts";
import type { Expression } from "../core/expression.ts";
import { reasonOf } from "../errors.ts";
import {
  bodyMapping,
  parameterMapping,
  readList,
  resourcesMapping,
  secretVariableMapping,
  textMapping,
  variableMapping,
  type Warn,
} from "./mappings.ts";
import { parseOrganization, parsePastedUrl, projectName } from "./organization-url.ts";
import {
  apiVersion,
  boolean,
  certificate,
  checkCommit,
  commitHash,
  fullRef,
  oneOf,
  parseDurationMs,
  positiveInteger,
  retryCount,
  singleLine,
} from "./parsers.ts";

interface InputField<T> {
  readonly name: string;
  readonly parse: (raw: string, warn: Warn) => T | Promise<T>;
  /** Used when the input is blank: the default of action.yml, which a workflow may set to blank. */
  readonly fallback?: string;
  /** Leading white space is part of the value: in YAML it is indentation. */
  readonly indented?: true;
  /** Whether messages must not contain the value. */
  readonly isSecret?: true;
}

interface DefaultedField<T> extends InputField<T> {
  readonly fallback: string;
}

/** One row per input of action.yml, in its order. */
export const fields = {
  organization: optional("organization", parseOrganization),
  project: optional("project", projectName),
  pipelineId: optional("pipeline-id", positiveInteger),
  pipelineName: optional("pipeline-name", singleLine),
  url: optional("url", parsePastedUrl),
  runId: optional("run-id", positiveInteger),

  findRun: optional("find-run", oneOf("commit", "ref")),
  findWhen: optional("find-when", (raw, warn) => compileCondition(raw, { document: "list", warn })),
  findTimeoutMs: optional("find-timeout", parseDurationMs),
  ifNotFound: defaulted("if-not-found", oneOf("fail", "start", "succeed"), "fail"),

  ref: optional("ref", fullRef),
  commit: optional("commit", commitHash),
  parameters: yaml("parameters", parameterMapping),
  variables: yaml("variables", variableMapping),
  secretVariables: yaml("secret-variables", secretVariableMapping),
  stagesToSkip: optional("stages-to-skip", readList),
  stagesToStart: optional("stages-to-start", readList),
  resources: yaml("resources", resourcesMapping),
  requestBody: yaml("request-body", bodyMapping),
  tags: optional("tags", readList),
  preview: defaulted("preview", boolean, "false"),

  auth: defaulted("auth", oneOf(...authChoices), "auto"),
  token: secret("token", unchanged),
  tenantId: optional("tenant-id", singleLine),
  clientId: optional("client-id", singleLine),
  clientSecret: secret("client-secret", unchanged),
  clientCertificate: secret("client-certificate", certificate),
  refreshToken: secret("refresh-token", unchanged),
  redirectUri: optional("redirect-uri", singleLine),
  tokenUrl: optional("token-url", singleLine),
  scope: defaulted("scope", singleLine, azureDevOpsScope),

  wait: defaulted("wait", boolean, "true"),
  pollIntervalMs: defaulted("poll-interval", atLeastOneSecond, "10s"),
  timeoutMs: optional("timeout", atLeastOneSecond),
  queueTimeoutMs: optional("queue-timeout", atLeastOneSecond),
  onTimeout: defaulted("on-timeout", oneOf("fail", "cancel", "leave"), "fail"),
  stopWhen: defaulted("stop-when", condition, defaultStopWhen),
  onStop: defaulted("on-stop", oneOf("leave", "cancel"), "leave"),
  successWhen: defaulted("success-when", condition, defaultSuccessWhen),
  retries: defaulted("retries", retryCount, "0"),
  retryWhen: optional("retry-when", condition),
  cancelOnAbort: optional("cancel-on-abort", boolean),
  onRerun: defaulted("on-rerun", oneOf("new", "attach", "retry-failed"), "new"),
  rerunKey: optional("rerun-key", singleLine),

  logs: defaulted("logs", oneOf("failed", "all", "none"), "failed"),
  summary: defaulted("summary", boolean, "true"),
  checkRun: optional("check-run", singleLine),
  commitStatus: optional("commit-status", singleLine),
  checkCommit: optional("check-commit", checkCommit),
  githubToken: secret("github-token", singleLine),
  mapOutputs: yaml("map-outputs", textMapping),
  outputsArtifact: optional("outputs-artifact", singleLine),
  downloadArtifacts: optional("download-artifacts", readList),
  artifactsPath: defaulted("artifacts-path", singleLine, "artifacts"),
  apiVersion: defaulted("api-version", apiVersion, "7.1"),
};

type InputFields = typeof fields;

/** Names of the inputs whose whole value is a secret. */
export const secretInputs: readonly string[] = Object.values<InputField<unknown>>(fields)
  .filter(({ isSecret }) => isSecret)
  .map(({ name }) => name);

/** The inputs one by one, before they are compared with each other. */
export type InputValues = {
  readonly [K in keyof InputFields]: InputFields[K] extends DefaultedField<infer T>
    ? T
    : InputFields[K] extends InputField<infer T>
      ? T | undefined
      : never;
};

/** Collects problems of the inputs; each text starts with the name of its input. */
export interface Findings {
  readonly problems: string[];
  readonly warnings: string[];
}

/** Reads every input and collects every mistake. */
export async function readValues(
  get: (name: string) => string,
  { problems, warnings }: Findings,
): Promise<Partial<InputValues>> {
  const entries: [string, unknown][] = [];
  for (const [key, field] of Object.entries<InputField<unknown>>(fields)) {
    const given = get(field.name);
    const raw = (field.indented && given.trim() !== "" ? given.trimEnd() : given.trim()) || field.fallback;
    if (raw === undefined) continue;
    try {
      const warn = (text: string) => void warnings.push(`${field.name}: ${text}`);
      entries.push([key, await field.parse(raw, warn)]);
    } catch (error) {
      problems.push(`${field.name}: ${reasonOf(error)}`);
    }
  }
  return Object.fromEntries(entries) as Partial<InputValues>;
}

/** Their defaults are evaluated by GitHub, so they always have a value. */
const alwaysSetInputs = ["rerun-key", "github-token"];

/** The names of the inputs that the user set to something else than the default. */
export function givenInputNames(get: (name: string) => string): readonly string[] {
  return Object.values<InputField<unknown>>(fields).flatMap(({ name, fallback = "" }) => {
    const value = get(name).trim();
    return value === "" || value === fallback || alwaysSetInputs.includes(name) ? [] : [name];
  });
}

function optional<T>(name: string, parse: InputField<T>["parse"]): InputField<T> {
  return { name, parse };
}

function secret<T>(name: string, parse: InputField<T>["parse"]): InputField<T> {
  return { name, parse, isSecret: true };
}

function yaml<T>(name: string, parse: InputField<T>["parse"]): InputField<T> {
  return { name, parse, indented: true };
}

function defaulted<T>(name: string, parse: InputField<T>["parse"], fallback: string): DefaultedField<T> {
  return { name, parse, fallback };
}

function condition(raw: string, warn: Warn): Promise<Expression> {
  return compileCondition(raw, { warn });
}

function unchanged(raw: string): string {
  return raw;
}

function atLeastOneSecond(raw: string): number {
  const ms = parseDurationMs(raw);
  if (ms < 1_000) throw new Error(`must be at least 1s, got "${raw}"`);
  return ms;
}
