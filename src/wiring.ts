import type { Connection, Outside } from "./app/launch.ts";
import { createTransport } from "./azure/transport.ts";
import { jobIdentity } from "./github/identity.ts";
import { clock } from "./github/clock.ts";
import type { ArtifactStore, Host, SignIn, Transport } from "./ports.ts";
import { actionsHost } from "./github/host.ts";
import { getInput } from "@actions/core";
import { surroundings } from "./github/surroundings.ts";
import { release, tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { interruption, notes } from "./github/signals.ts";
import type { Inputs } from "./inputs.ts";
import { resumeSignIn, signIn as signInBy, type KeepableSignIn } from "./sign-in/index.ts";
import type { Means } from "./azure/connect.ts";
import { azurePipelines, type DownloadInto } from "./azure/client.ts";
import type { Workflow } from "./app/play.ts";
import type { Trigger } from "./core/default-ref.ts";
import { readFileSync } from "node:fs";

type Env = NodeJS.ProcessEnv;

interface Whole extends Outside {
  /** What the main step leaves behind tells the post step that it is the second to run. */
  readonly isPost: boolean;
  callOff(): Promise<void>;
  close(): void;
}

/** The real things behind the ports. */
export function outside({ env, stdout }: Pick<NodeJS.Process, "env" | "stdout">): Whole {
  // Packages warn of what is theirs to change (the tunnel through a proxy, say), in the log of people who cannot.
  process.noDeprecation = true;
  const transport = createTransport();
  const mask = (secret: string) => host.mask(secret);
  const identityToken = jobIdentity({ env, transport, clock, mask, trigger: triggerOf(env) });
  const host: Host = actionsHost({ stdout, workspace: env["GITHUB_WORKSPACE"] ?? "", identityToken });
  const step = course(host, env);
  return {
    ...step,
    host,
    clock,
    // White space in front is part of a YAML mapping: the inputs are trimmed where they are read.
    input: (name) => getInput(name, { trimWhitespace: false }),
    connect: (inputs) => connectionFor(inputs, { env, transport, host }),
    surroundings: () =>
      surroundings({ env, entry: process.argv[1] ?? "", node: process.version, system: release() }),
    workflow: workflowOf({ env, transport, host }),
    close: () => {
      transport.close();
      step.close();
    },
  };
}

/** Main step or post step, and how the one hears of the other. */
function course(host: Host, env: Env): Pick<Whole, "isPost" | "callOff" | "signal" | "close"> {
  const kept = host.recall("main");
  const isPost = kept !== "";
  const path = isPost ? kept : join(env["RUNNER_TEMP"] || tmpdir(), `run-azure-pipeline-${randomUUID()}`);
  const note = notes(path);
  const cancelled = interruption(process);
  if (!isPost) {
    host.remember("main", path);
    note.watch(cancelled);
  }
  const { signal } = cancelled;
  return { isPost, signal, callOff: () => note.leave(clock), close: note.answer };
}

interface World {
  readonly env: Env;
  readonly transport: Transport;
  readonly host: Host;
}

function connectionFor(inputs: Inputs, { env, transport, host }: World): Connection {
  const { organization, project } = inputs.place;
  const place = { base: organization.base, project, apiVersion: inputs.apiVersion };
  const random = Math.random;
  const kept = host.recall(keptToken);
  const resumed = kept === "" ? undefined : resumeSignIn(kept, { clock, host });
  const signIn = resumed ?? keeping(signInBy(inputs.way, { transport, clock, host, env, random }), host);
  const means: Means = { transport, signIn, clock, random };
  const { pipelines, download } = azurePipelines(place, means);
  return { pipelines, signIn, store: storeOf(download, env) };
}

/** Unpacking is seldom asked for, and takes a while to load. */
function storeOf(download: DownloadInto, env: Env): ArtifactStore {
  const open = async () => {
    const { artifactStore } = await import("./artifacts/store.ts");
    return artifactStore({
      download,
      workspace: env["GITHUB_WORKSPACE"] || process.cwd(),
      temporary: env["RUNNER_TEMP"] || tmpdir(),
      windows: process.platform === "win32",
    });
  };
  return {
    save: async (wanted, how, signal) => (await open()).save(wanted, how, signal),
    outputs: async (wanted, how, signal) => (await open()).outputs(wanted, how, signal),
  };
}

const keptToken = "token";

/** Nobody is there in the post step to enter another device code: that token, and no other, is kept for it. */
function keeping(signIn: KeepableSignIn, host: Pick<Host, "remember">): SignIn {
  let kept: string | undefined;
  return {
    get description() {
      return signIn.description;
    },
    authorization: async (signal) => {
      const authorization = await signIn.authorization(signal);
      const token = signIn.keep();
      if (token !== undefined && token !== kept) host.remember(keptToken, token);
      kept = token;
      return authorization;
    },
    renew: (signal) => signIn.renew(signal),
  };
}

function workflowOf({ env, transport, host }: World): Workflow {
  const trigger = triggerOf(env);
  return {
    runId: env["GITHUB_RUN_ID"] ?? "",
    attempt: Number(env["GITHUB_RUN_ATTEMPT"] ?? "1") || 1,
    stepKey: `${env["GITHUB_JOB"] ?? ""}//${env["GITHUB_ACTION"] ?? ""}`,
    trigger,
    signposts: async (inputs, { isOthers: follow, isLast = false }) => {
      if (inputs.checkRun === undefined && inputs.commitStatus === undefined) return [];
      const { signposts } = await import("./github/signposts.ts");
      const warn = (text: string) => host.write([{ type: "warning", text }]);
      const { GITHUB_REPOSITORY: repository = "", GITHUB_API_URL: apiUrl = "https://api.github.com" } = env;
      const { hide } = host;
      const access = { token: inputs.githubToken ?? "", apiUrl, transport, hide };
      const stay = { follow, isLast, leaves: !inputs.wait };
      return signposts(inputs, { ...access, ...stay, repository, clock, warn, trigger: await trigger() });
    },
  };
}

/** Seldom needed, and takes a while to load. */
function triggerOf(env: Env): () => Promise<Trigger> {
  return async () => {
    const { readTrigger } = await import("./github/event.ts");
    return readTrigger(env, (path) => readFileSync(path, "utf8"));
  };
}
