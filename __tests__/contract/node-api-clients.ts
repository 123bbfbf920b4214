import type { IBuildApi } from "azure-devops-node-api/BuildApi.js";
import type { ICoreApi } from "azure-devops-node-api/CoreApi.js";
import {
  BuildQueryOrder,
  type QueryDeletedOption,
} from "azure-devops-node-api/interfaces/BuildInterfaces.js";
import type { ILocationsApi } from "azure-devops-node-api/LocationsApi.js";
import type { IPipelinesApi } from "azure-devops-node-api/PipelinesApi.js";
import type { ITaskAgentApi } from "azure-devops-node-api/TaskAgentApi.js";
import type { ITestApi } from "azure-devops-node-api/TestApi.js";
import type { ITestResultsApi } from "azure-devops-node-api/TestResultsApi.js";
import { getPersonalAccessTokenHandler, WebApi } from "azure-devops-node-api/WebApi.js";
import { afterAll, beforeAll, expect } from "vitest";
import {
  demoPipelines,
  demoToken,
  type PipelineSpec,
  type Simulator,
  startSimulator,
} from "../../simulator/index.ts";
import { pipelineSpec, singleJobStage } from "./fixtures.ts";

// The calls of azure-devops-node-api, Microsoft's own client, that a tool for pipelines makes. The client is unmodified:
// it reads hosts, routes and versions from the server, and converts enums and dates itself.

export const commits = ["a", "b"].map((digit) => ({ sha: digit.repeat(40), message: `Commit ${digit}` }));

const promoted: PipelineSpec = pipelineSpec(
  [
    singleJobStage("Build"),
    singleJobStage("Production", { trigger: "manual" }),
    singleJobStage("Broken", { dependsOn: ["Build"] }),
  ],
  {
    id: 70,
    name: "promoted",
    folder: "\\a\\b",
    repository: { type: "GitHub", name: "o/r", defaultBranch: "refs/heads/main", commits },
    settableVariables: ["configuration"],
    triggeredRuns: commits.map(({ sha }, index) => ({
      afterSeconds: -7200 + index,
      version: sha,
      requestedFor: "Ada",
      triggerInfo: { "ci.sourceSha": sha },
    })),
  },
);

const library = pipelineSpec([], {
  id: 71,
  name: "library",
  repository: { type: "TfsGit", name: "lib", defaultBranch: "refs/heads/main", commits },
});

interface Clients {
  readonly build: IBuildApi;
  readonly pipelines: IPipelinesApi;
  readonly core: ICoreApi;
  readonly locations: ILocationsApi;
  readonly test: ITestApi;
  readonly results: ITestResultsApi;
  readonly agents: ITaskAgentApi;
}

export const web = "web";

/** The completed run of pipeline 43, with failed stages, artifacts, logs and tests. */
export const ended = 345;

interface Sdk {
  readonly simulator: Simulator;
  readonly connection: WebApi;
  readonly api: Clients;
  /** The runs that the trigger of pipeline 70 queued. */
  readonly triggered: readonly number[];
  /** The position of each build among the triggered runs, counted from 1. */
  positions(found: Promise<readonly { id?: number | undefined }[]>): Promise<number[]>;
  builds(filters: BuildFilters): ReturnType<IBuildApi["getBuilds"]>;
}

/** The client, connected to a simulator that the tests of the file share. */
export function useClients(): Sdk {
  let started: Started | undefined;
  const current = (): Started => {
    if (started === undefined) throw new Error("the simulator runs only while the tests run");
    return started;
  };
  beforeAll(async () => {
    started = await start();
  });
  afterAll(() => started?.simulator.close());
  return {
    get simulator() {
      return current().simulator;
    },
    get connection() {
      return current().connection;
    },
    get api() {
      return current().api;
    },
    get triggered() {
      return current().triggered;
    },
    positions: async (found) => (await found).map(({ id = 0 }) => current().triggered.indexOf(id) + 1),
    builds: (filters) => listBuilds(current().api.build, filters),
  };
}

type Started = Pick<Sdk, "simulator" | "connection" | "api" | "triggered">;

async function start(): Promise<Started> {
  const simulator = await startSimulator({ speed: 0, pipelines: [...demoPipelines, promoted, library] });
  const connection = new WebApi(simulator.organization, getPersonalAccessTokenHandler(demoToken));
  const api = {
    build: await connection.getBuildApi(),
    pipelines: await connection.getPipelinesApi(),
    core: await connection.getCoreApi(),
    locations: await connection.getLocationsApi(),
    test: await connection.getTestApi(),
    results: await connection.getTestResultsApi(),
    agents: await connection.getTaskAgentApi(),
  };
  await api.pipelines.runPipeline({}, web, 43);
  simulator.advance(60);
  const triggered = (await api.build.getBuilds(web, [70]))
    .map(({ id }) => id ?? 0)
    .sort((one, other) => one - other);
  return { simulator, connection, api, triggered };
}

export interface Call {
  readonly name: string;
  readonly call: () => Promise<unknown>;
  readonly expected: unknown;
}

export const object = (value: Record<string, unknown>): unknown => expect.objectContaining(value);

export const list = (value: unknown[]): unknown => expect.arrayContaining(value);

export const first = (value: Record<string, unknown>) => list([object(value)]);

export const ids = async (builds: Promise<readonly { id?: number | undefined }[]>) =>
  (await builds).map(({ id }) => id);

export async function textOf(stream: Promise<NodeJS.ReadableStream>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of await stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString("latin1");
}

export async function refusal(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    const { statusCode, message } = error as { statusCode?: number; message: string };
    return [statusCode, message];
  }
}

interface BuildFilters {
  definitions?: number[];
  queues?: number[];
  number?: string;
  min?: Date;
  who?: string;
  reason?: number;
  status?: number;
  result?: number;
  tags?: string[];
  properties?: string[];
  top?: number;
  perDefinition?: number;
  deleted?: QueryDeletedOption;
  order?: BuildQueryOrder;
  branch?: string;
  ids?: number[];
  repository?: string;
  repositoryType?: string;
}

function listBuilds(build: IBuildApi, filters: BuildFilters) {
  const {
    definitions = [70],
    queues,
    number,
    min,
    who,
    reason,
    status,
    result,
    tags,
    properties,
    top,
  } = filters;
  const { perDefinition, deleted, branch, repository, repositoryType } = filters;
  const order = filters.order ?? BuildQueryOrder.QueueTimeAscending;
  return build.getBuilds(
    web,
    definitions,
    queues,
    number,
    min,
    undefined,
    who,
    reason,
    status,
    result,
    tags,
    properties,
    top,
    undefined,
    perDefinition,
    deleted,
    order,
    branch,
    filters.ids,
    repository,
    repositoryType,
  );
}
