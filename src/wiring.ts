import { readFileSync } from "node:fs";
import { getInput, setSecret } from "@actions/core";
import type { Outside } from "./app/launch.ts";
import { azurePipelines } from "./azure/client.ts";
import { connected, type Place } from "./azure/connect.ts";
import { createTransport } from "./azure/transport.ts";
import { clock } from "./github/clock.ts";
import { actionsHost } from "./github/host.ts";
import { jobIdentity } from "./github/identity.ts";
import { interruption } from "./github/signals.ts";
import type { Inputs } from "./inputs.ts";
import { signIn as signInBy } from "./sign-in/index.ts";

const userAgent = "run-azure-pipeline/1 (+https://github.com/marketplace/actions/run-azure-pipeline)";

/** The real things behind the ports. */
export function outside({
  env,
  stdout,
}: Pick<NodeJS.Process, "env" | "stdout">): Outside & { close(): void } {
  const transport = createTransport();
  const random = Math.random;
  const host = actionsHost({
    stdout,
    identityToken: jobIdentity({ env, transport, clock, mask: setSecret }),
  });
  const connect = (inputs: Inputs) => {
    const { organization, project } = inputs.place;
    const place: Place = { base: organization.base, project, apiVersion: inputs.apiVersion };
    const signIn = signInBy(inputs.way, { transport, clock, host, env, random });
    const send = connected(place, { transport, signIn, clock, random, userAgent });
    return { pipelines: azurePipelines(send, place), signIn };
  };
  // Seldom needed, and a while to load.
  const trigger = async () => {
    const { readTrigger } = await import("./github/event.ts");
    return readTrigger(env, (path) => readFileSync(path, "utf8"));
  };
  return {
    host,
    clock,
    connect,
    trigger,
    input: getInput,
    signal: interruption(process),
    close: transport.close,
  };
}
