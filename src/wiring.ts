import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { release, tmpdir } from "node:os";
import { basename } from "node:path";
import { getInput } from "@actions/core";
import type { Connection, Environment, Workflow } from "./app/context.ts";
import {
  type PersistableSignIn,
  rejectionHint,
  restoreSignIn,
  createSignIn as signInBy,
} from "./auth/index.ts";
import type { ApiDeps } from "./azure-devops/api-client.ts";
import type { DownloadArtifact } from "./azure-devops/artifact-download.ts";
import { createAzureDevOpsClient } from "./azure-devops/client.ts";
import { createRetryAfterLog } from "./azure-devops/retry-policy.ts";
import type { Trigger } from "./core/default-ref.ts";
import { clock } from "./github/clock.ts";
import { describeEnvironment, runAttempt } from "./github/environment.ts";
import { createJobRuns } from "./github/job-runs.ts";
import { createIdTokenSource } from "./github/oidc.ts";
import { createRunner } from "./github/runner.ts";
import {
  abortOnSignals,
  createShutdownRequest,
  isShutdownFilePath,
  shutdownFilePath,
} from "./github/signals.ts";
import { reportSilence } from "./http/report-silence.ts";
import { createTransport } from "./http/transport.ts";
import { givenInputNames } from "./inputs/fields.ts";
import type { Inputs } from "./inputs/inputs.ts";
import { actsAsServices } from "./inputs/organization-url.ts";
import type { ArtifactStore, Runner, SignIn, Transport } from "./ports.ts";

type ProcessEnv = NodeJS.ProcessEnv;

interface StepEnvironment extends Environment {
  requestMainShutdown(signal: AbortSignal): Promise<void>;
  close(): void;
}

export type StepKind = "main" | "post";

/** Creates the adapters behind the ports. */
export function createEnvironment(
  step: StepKind,
  target: Pick<NodeJS.Process, "env" | "stdout" | "stderr">,
): StepEnvironment {
  const { env, stdout } = target;
  // Hides deprecation warnings of packages, on which users cannot act.
  process.noDeprecation = true;
  const httpTransport = createTransport();
  const transport = reportSilence(httpTransport, {
    clock,
    onSilence: (text) => runner.write([{ type: "text", text }]),
  });
  // Leading white space is part of a YAML mapping, so each input is trimmed by its parser.
  const input = (name: string) => getInput(name, { trimWhitespace: false });
  const mask = (secret: string) => runner.mask(secret);
  const getIdToken = createIdTokenSource({ env, transport, clock, mask, trigger: createTriggerReader(env) });
  const cancellation = abortOnSignals(process);
  // An uncaught exception must not end the process without an error in the log.
  process.on("uncaughtException", (error) => cancellation.abort(error));
  const runner: Runner = createRunner({
    temporaryFolder: env["RUNNER_TEMP"] || tmpdir(),
    stdout,
    // Node makes the stream when it is first used, which is rare.
    stderr: { write: (text) => target.stderr.write(text) },
    workspace: env["GITHUB_WORKSPACE"] ?? "",
    getIdToken,
    onLogClosed: (error) => cancellation.abort(error),
  });
  const lifecycle = createStepLifecycle(step, { runner, env, cancellation });
  return {
    ...lifecycle,
    runner,
    clock,
    input,
    connect: (inputs) =>
      createConnection(
        inputs,
        { step, stepId: lifecycle.stepId, givenInputs: givenInputNames(input) },
        { env, transport, runner },
      ),
    environmentFields: () =>
      describeEnvironment({
        env,
        entryPath: process.argv[1] ?? "",
        nodeVersion: process.version,
        osRelease: release(),
      }),
    workflow: createWorkflowContext({ env, transport: httpTransport, runner }),
    close: () => {
      transport.close();
      httpTransport.close();
      lifecycle.close();
    },
  };
}

interface LifecycleDeps {
  readonly runner: Runner;
  readonly env: ProcessEnv;
  readonly cancellation: AbortController;
}

/** How the post step stops a main step that still runs. */
function createStepLifecycle(
  step: StepKind,
  { runner, env, cancellation }: LifecycleDeps,
): Pick<StepEnvironment, "saveLifecycle" | "requestMainShutdown" | "signal" | "close"> & {
  readonly stepId: string;
} {
  const folder = env["RUNNER_TEMP"];
  const path = step === "post" ? runner.getState("main") : shutdownFilePath(folder, randomUUID());
  const shutdownRequest = createShutdownRequest(path);
  if (step === "main") shutdownRequest.watch(cancellation);
  return {
    stepId: basename(path) || "unknown",
    signal: cancellation.signal,
    saveLifecycle: () => runner.saveState("main", path),
    requestMainShutdown: async (signal) => {
      if (isShutdownFilePath(path, folder)) await shutdownRequest.requestShutdown(clock, signal);
    },
    close: shutdownRequest.confirmShutdown,
  };
}

interface PortDeps {
  readonly env: ProcessEnv;
  readonly transport: Transport;
  readonly runner: Runner;
}

interface ConnectionOptions {
  readonly step: StepKind;
  readonly stepId: string;
  readonly givenInputs: readonly string[];
}

function createConnection(
  inputs: Inputs,
  { step, stepId, givenInputs }: ConnectionOptions,
  { env, transport, runner }: PortDeps,
): Connection {
  const { organization, project } = inputs.projectRef;
  const endpoint = {
    baseUrl: organization.base,
    project,
    apiVersion: inputs.apiVersion,
    givenInputs: new Set(givenInputs),
    credentialHint: rejectionHint(inputs.credentialConfig, { isServices: actsAsServices(organization) }),
  };
  const random = Math.random;
  const savedToken = step === "post" ? runner.getState(tokenStateKey) : "";
  const restored = savedToken === "" ? undefined : restoreSignIn(savedToken, { clock, runner });
  const signIn =
    restored ??
    persistToken(signInBy(inputs.credentialConfig, { transport, clock, runner, env, random }), runner);
  const onRetryAfter = createRetryAfterLog(inputs.pollIntervalMs, (text) =>
    runner.write([{ type: "text", text }]),
  );
  const deps: ApiDeps = { transport, signIn, clock, random, redact: runner.redact, onRetryAfter };
  const { download, ...azureDevOps } = createAzureDevOpsClient(endpoint, deps);
  const jobRuns = createJobRuns(env["RUNNER_TEMP"], {
    baseUrl: organization.base,
    stepId,
    isPostStep: step === "post",
  });
  return { ...azureDevOps, signIn, jobRuns, store: createArtifactStore(download, env) };
}

/** Loads the store only when an artifact is downloaded. */
function createArtifactStore(download: DownloadArtifact, env: ProcessEnv): ArtifactStore {
  const loadStore = async () => {
    const { createDiskArtifactStore } = await import("./artifacts/store.ts");
    return createDiskArtifactStore({
      download,
      workspace: env["GITHUB_WORKSPACE"] || process.cwd(),
      tempFolder: env["RUNNER_TEMP"] || tmpdir(),
      windows: process.platform === "win32",
    });
  };
  return {
    save: async (ref, options, signal) => (await loadStore()).save(ref, options, signal),
    readOutputs: async (ref, options, signal) => (await loadStore()).readOutputs(ref, options, signal),
  };
}

const tokenStateKey = "token";

/** Saves a device code's token for the post step, which can't sign in again. No other token is saved. */
function persistToken(signIn: PersistableSignIn, runner: Pick<Runner, "saveState">): SignIn {
  let savedToken: string | undefined;
  return {
    get description() {
      return signIn.description;
    },
    authorization: async (signal) => {
      const authorization = await signIn.authorization(signal);
      const token = signIn.tokenToPersist();
      if (token !== undefined && token !== savedToken) runner.saveState(tokenStateKey, token);
      savedToken = token;
      return authorization;
    },
    refresh: (signal) => signIn.refresh(signal),
  };
}

function createWorkflowContext({ env, transport, runner }: PortDeps): Workflow {
  const trigger = createTriggerReader(env);
  const { GITHUB_REPOSITORY: repository = "", GITHUB_API_URL: apiUrl = "https://api.github.com" } = env;
  const warn = (text: string) => runner.write([{ type: "warning", text }]);
  const gitHubAccess = ({ githubToken = "" }: Inputs) => ({
    token: githubToken,
    apiUrl,
    transport,
    redact: runner.redactRendered,
  });
  return {
    runId: env["GITHUB_RUN_ID"] ?? "",
    attempt: runAttempt(env),
    stepKey: `${env["GITHUB_JOB"] ?? ""}//${env["GITHUB_ACTION"] ?? ""}`,
    trigger,
    commitReporters: async (
      inputs,
      { isExternal: isExternalRun, isLast: isLastAttempt = false, readSource },
    ) => {
      if (inputs.checkRun === undefined && inputs.commitStatus === undefined) return [];
      const { createCommitReporters } = await import("./github/commit-reporters.ts");
      const lifetime = { isExternalRun, isLastAttempt, reportsStartOnly: !inputs.wait };
      return createCommitReporters(inputs, {
        ...gitHubAccess(inputs),
        ...lifetime,
        readSource,
        repository,
        clock,
        warn,
        trigger: await trigger(),
      });
    },
    mergedHead: async (inputs, mergeCommit, signal) => {
      const { readMergedHead } = await import("./github/commit-reporters.ts");
      return await readMergedHead({ repository, mergeCommit }, { ...gitHubAccess(inputs), warn }, signal);
    },
  };
}

/** Loads the reader of the event only when it is needed. */
function createTriggerReader(env: ProcessEnv): () => Promise<Trigger> {
  return async () => {
    const { readTrigger } = await import("./github/environment.ts");
    return readTrigger(env, (path) => readFileSync(path, "utf8"));
  };
}
