import { artifactAccount } from "./azure-devops/artifact-content.ts";
import type { ServerContext } from "./azure-devops/context.ts";
import { handleRequest } from "./azure-devops/dispatch.ts";
import { indexPageFor } from "./azure-devops/index-page.ts";
import { serializeResponse, withResponseHeaders } from "./azure-devops/response-headers.ts";
import { routes } from "./azure-devops/routes.ts";
import { acceptsDemoToken } from "./azure-devops/sign-in.ts";
import { handleSignedRequest } from "./azure-devops/signed-content.ts";
import { createClock } from "./engine/clock.ts";
import { createControls } from "./engine/controls.ts";
import { demoPipelines } from "./engine/demo-pipelines.ts";
import { guidFrom } from "./engine/ids.ts";
import { toSimulatedRun } from "./engine/run.ts";
import { createState, type SimulatorState } from "./engine/state.ts";
import { createFaults } from "./http/faults.ts";
import { listen, type RunningServer, type ServerOptions } from "./http/server.ts";
import type { Quirks, SeenRequest, Simulator, SimulatorOptions } from "./options.ts";

/** Starts an Azure DevOps of one project on the loopback interface. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { organization = "contoso", project = "web", pipelines = demoPipelines } = options;
  const clock = createClock(options.now ?? Date.now, options.speed ?? 1);
  const quirks: Quirks = { ...options.quirks };
  const state = createState({ pipelines, project, quirks, clock });
  const faults = createFaults();
  const requests: SeenRequest[] = [];
  const onRequest = (request: SeenRequest) => {
    requests.push(request);
    options.onRequest?.(request);
  };
  const { origin, close } = await startServers(state, options, { faults, onRequest, now: clock.now });
  return {
    url: origin,
    organization: `${origin}/${organization}`,
    project,
    projectId: state.project.id,
    requests,
    get runs() {
      return state.started.map(toSimulatedRun);
    },
    quirks,
    order: faults.add,
    ...createControls(state),
    advance: clock.advance,
    close,
    [Symbol.asyncDispose]: close,
  };
}

type SharedServerOptions = Pick<ServerOptions, "faults" | "onRequest" | "now">;

/** Two servers: the organization itself, and the other host that keeps the content of artifacts. */
async function startServers(state: SimulatorState, options: SimulatorOptions, shared: SharedServerOptions) {
  const blobServer = await listenOnOtherHost({
    ...shared,
    port: 0,
    response: (request) => handleSignedRequest(request, state),
    serialize: serializeResponse,
  });
  let origin = "";
  const context: ServerContext = {
    state,
    routes,
    collectionPaths: collectionPaths(options.organization ?? "contoso"),
    accepts: options.accepts ?? acceptsDemoToken,
    tenantId: options.tenantId ?? guidFrom("tenant"),
    identity: options.identity,
    page: (request) => indexPageFor(request, state),
    origin: () => origin,
    // Pipeline artifacts are downloaded from another host than the one that is asked for them.
    artifactOrigin: () => origin.replace("127.0.0.1", "localhost"),
    blobOrigin: () => blobServer.origin,
  };
  const apiServer = await listen({
    ...shared,
    port: options.port ?? 0,
    host: "127.0.0.1",
    response: (request) => handleRequest(request, context),
    serialize: (response, request) => withResponseHeaders(response, request, state),
  }).catch(async (error: unknown) => {
    await blobServer.close();
    throw error;
  });
  origin = apiServer.origin;
  return {
    origin,
    close: async () => {
      await Promise.all([apiServer.close(), blobServer.close()]);
    },
  };
}

/** Listens under another host name; some systems have only one loopback address. */
async function listenOnOtherHost(options: Omit<ServerOptions, "host">): Promise<RunningServer> {
  for (const host of ["127.0.0.2", "::1"]) {
    try {
      return await listen({ ...options, host });
    } catch {
      // Try the next one.
    }
  }
  return listen({ ...options, host: "127.0.0.1" });
}

/** `/contoso`, the account of the artifacts, and the forms of Azure DevOps Server. */
function collectionPaths(organization: string): string[][] {
  const segments = organization.split("/").filter((segment) => segment !== "");
  return [
    segments,
    [artifactAccount],
    ["tfs", ...segments],
    ["tfs", "DefaultCollection"],
    ["DefaultCollection"],
  ];
}
