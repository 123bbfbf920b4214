import { artifactAccount } from "./artifacts.ts";
import { demoPipelines } from "./catalogue.ts";
import { createClock } from "./clock.ts";
import { controlsOf } from "./controls.ts";
import { dressed, plain } from "./dress.ts";
import { createFaults } from "./faults.ts";
import { answerTo } from "./gate.ts";
import type { Office } from "./office.ts";
import type { Quirks, SeenRequest, Simulator, SimulatorOptions } from "./options.ts";
import { pageFor } from "./page.ts";
import { routes } from "./routes.ts";
import { signedContent } from "./routes-artifacts.ts";
import { viewOf } from "./run.ts";
import { type Listening, listen, type ServerOptions } from "./server.ts";
import { acceptsDemoToken } from "./sign-in.ts";
import { createWorld, type World } from "./world.ts";

/** Starts an Azure DevOps of one project on the loopback interface. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { organization = "contoso", project = "web", pipelines = demoPipelines } = options;
  const clock = createClock(options.now ?? Date.now, options.speed ?? 1);
  const quirks: Quirks = { ...options.quirks };
  const world = createWorld({ pipelines, project, quirks, clock });
  const faults = createFaults();
  const requests: SeenRequest[] = [];
  const seen = (request: SeenRequest) => {
    requests.push(request);
    options.onRequest?.(request);
  };
  const { origin, close } = await openOffice(world, options, { faults, seen, now: clock.now });
  return {
    url: origin,
    organization: `${origin}/${organization}`,
    project,
    projectId: world.project.id,
    requests,
    get runs() {
      return world.started.map(viewOf);
    },
    quirks,
    order: faults.order,
    ...controlsOf(world),
    advance: clock.leap,
    close,
    [Symbol.asyncDispose]: close,
  };
}

type Common = Pick<ServerOptions, "faults" | "seen" | "now">;

/** Two servers: the organization itself, and the host of strangers that keeps the artifacts' content. */
async function openOffice(world: World, options: SimulatorOptions, common: Common) {
  const strangers = await listenElsewhere({
    ...common,
    port: 0,
    answer: (arrival) => signedContent(arrival, world),
    finish: plain,
  });
  let origin = "";
  const office: Office = {
    world,
    routes,
    collections: collectionForms(options.organization ?? "contoso"),
    accepts: options.accepts ?? acceptsDemoToken,
    identity: options.identity,
    page: (arrival) => pageFor(arrival, world),
    origin: () => origin,
    // Pipeline artifacts are downloaded from another host than the one that is asked for them.
    artifactHome: () => origin.replace("127.0.0.1", "localhost"),
    signedOrigin: () => strangers.origin,
  };
  const main = await listen({
    ...common,
    port: options.port ?? 0,
    host: "127.0.0.1",
    answer: (arrival) => answerTo(arrival, office),
    finish: (answer, arrival) => dressed(answer, arrival, world),
  }).catch(async (error: unknown) => {
    await strangers.close();
    throw error;
  });
  origin = main.origin;
  return {
    origin,
    close: async () => {
      await Promise.all([main.close(), strangers.close()]);
    },
  };
}

/** A host of another name than ours; some systems have but one address on the loopback. */
async function listenElsewhere(options: Omit<ServerOptions, "host">): Promise<Listening> {
  for (const host of ["127.0.0.2", "::1"]) {
    try {
      return await listen({ ...options, host });
    } catch {
      // The next one, then.
    }
  }
  return listen({ ...options, host: "127.0.0.1" });
}

/** `/contoso`, the account of the artifacts, and the forms of a server of one's own. */
function collectionForms(organization: string): string[][] {
  const own = organization.split("/").filter((segment) => segment !== "");
  return [own, [artifactAccount], ["tfs", ...own], ["tfs", "DefaultCollection"], ["DefaultCollection"]];
}
