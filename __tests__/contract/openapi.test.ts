import { expect, test } from "vitest";
import { demoPipelines, type PipelineSpec } from "../../simulator/index.ts";
import { describeWithShared } from "../support/shared.ts";
import { createSchemaChecker, openApiFolder } from "./openapi.ts";
import { openSimulator, type SimulatorClient } from "./simulator-client.ts";

interface Case {
  readonly what: string;
  readonly file: string;
  readonly definition: string;
  readonly path: (id: number) => string;
  /** The property with the list, each item of which is checked. */
  readonly items?: "value" | "records" | "logs";
  /** Properties that recorded responses have and the description lacks. */
  readonly beyond?: readonly string[];
}

const build = "build-7.1.json";

const pipelines = "pipelines-7.1.json";

const runBeyond = ["yamlDetails", "tags"];

const buildBeyond = ["appendCommitMessageToRunName", "keepForever"];

const cases: readonly Case[] = [
  {
    what: "a run",
    file: pipelines,
    definition: "Run",
    path: (id) => `pipelines/43/runs/${id}`,
    beyond: runBeyond,
  },
  {
    what: "the runs",
    file: pipelines,
    definition: "Run",
    path: () => "pipelines/43/runs",
    items: "value",
    beyond: runBeyond,
  },
  { what: "a pipeline", file: pipelines, definition: "Pipeline", path: () => "pipelines/43" },
  { what: "the pipelines", file: pipelines, definition: "Pipeline", path: () => "pipelines", items: "value" },
  {
    what: "a signed artifact",
    file: pipelines,
    definition: "Artifact",
    path: (id) => `pipelines/43/runs/${id}/artifacts?artifactName=release&$expand=signedContent`,
  },
  {
    what: "a run's logs",
    file: pipelines,
    definition: "Log",
    path: (id) => `pipelines/43/runs/${id}/logs`,
    items: "logs",
  },
  {
    what: "a build",
    file: build,
    definition: "Build",
    path: (id) => `build/builds/${id}`,
    beyond: buildBeyond,
  },
  {
    what: "the builds",
    file: build,
    definition: "Build",
    path: () => "build/builds",
    items: "value",
    beyond: buildBeyond,
  },
  { what: "the timeline", file: build, definition: "Timeline", path: (id) => `build/builds/${id}/timeline` },
  {
    what: "its records",
    file: build,
    definition: "TimelineRecord",
    path: (id) => `build/builds/${id}/timeline`,
    items: "records",
    beyond: ["refName"],
  },
  {
    what: "the logs",
    file: build,
    definition: "BuildLog",
    path: (id) => `build/builds/${id}/logs`,
    items: "value",
  },
  {
    what: "the artifacts",
    file: build,
    definition: "BuildArtifact",
    path: (id) => `build/builds/${id}/artifacts`,
    items: "value",
  },
  { what: "a definition", file: build, definition: "BuildDefinition", path: () => "build/definitions/42" },
  {
    what: "the definitions",
    file: build,
    definition: "BuildDefinitionReference",
    path: () => "build/definitions",
    items: "value",
  },
  {
    what: "the project's build settings",
    file: build,
    definition: "BuildSettings",
    path: () => "build/settings",
  },
  {
    what: "the general settings",
    file: build,
    definition: "PipelineGeneralSettings",
    path: () => "build/generalsettings",
  },
  {
    what: "the retention settings",
    file: build,
    definition: "ProjectRetentionSetting",
    path: () => "build/retention",
  },
  {
    what: "the revisions of a definition",
    file: build,
    definition: "BuildDefinitionRevision",
    path: () => "build/definitions/42/revisions",
    items: "value",
  },
  {
    what: "the metrics of a definition",
    file: build,
    definition: "BuildMetric",
    path: () => "build/definitions/43/metrics?api-version=7.1-preview.1",
    items: "value",
  },
  {
    what: "the folders",
    file: build,
    definition: "Folder",
    path: () => "build/folders?api-version=7.1-preview.2",
    items: "value",
  },
  {
    what: "a report",
    file: build,
    definition: "BuildReportMetadata",
    path: (id) => `build/builds/${id}/report?api-version=7.1-preview.2`,
  },
  {
    what: "the source providers",
    file: build,
    definition: "SourceProviderAttributes",
    path: () => "sourceProviders",
    items: "value",
  },
  {
    what: "the changes",
    file: build,
    definition: "Change",
    path: () => "build/builds/345/changes",
    items: "value",
  },
  {
    what: "a run's log",
    file: pipelines,
    definition: "Log",
    path: (id) => `pipelines/43/runs/${id}/logs/1?$expand=signedContent`,
  },
  {
    what: "the approvals",
    file: "approvals-7.2.json",
    definition: "Approval",
    path: () => "pipelines/approvals?$expand=steps",
    items: "value",
  },
];

/** The pipeline without past runs, whose repository has one commit. */
function withCommits(spec: PipelineSpec): PipelineSpec {
  const { repository } = spec;
  const branches = { [repository.defaultBranch]: "c".repeat(40) };
  const commits = [{ sha: "c".repeat(40), message: "The only commit" }];
  return { ...spec, history: [], repository: { ...repository, branches, commits } };
}

/** Starts two runs and calls `check` at several times until both have ended. */
async function checkThroughout(client: SimulatorClient, check: (id: number) => Promise<void>): Promise<void> {
  const options = { variables: { configuration: { value: "x" } }, templateParameters: { dryRun: "true" } };
  const id = await client.startRun(43, options);
  await client.startRun(45);
  for (const seconds of [0, 3, 4, 5, 60]) {
    client.simulator.advance(seconds);
    await check(id);
  }
}

describeWithShared(openApiFolder, "the published API description", () => {
  test.each(cases)("is met by $what", async ({ file, definition, path, items, beyond = [] }) => {
    const checker = createSchemaChecker(file);
    await using client = await openSimulator({ pipelines: demoPipelines.map(withCommits) });
    let checked = 0;
    await checkThroughout(client, async (id) => {
      const { status, json } = await client.call("GET", path(id));
      if (status === 404) return;
      const values: object[] = items === undefined ? [json] : json[items];
      for (const value of values) {
        expect(checker.validationErrors(value, definition)).toEqual([]);
        expect(checker.unknownProperties(value, definition).filter((name) => !beyond.includes(name))).toEqual(
          [],
        );
        checked += 1;
      }
    });
    expect(checked).toBeGreaterThan(0);
  });

  test("is not met by a response with wrong types", async () => {
    const checker = createSchemaChecker(build);
    const wrong = {
      id: "345",
      status: "canceling",
      queueTime: "yesterday",
      definition: { name: 1 },
      odd: true,
    };
    expect(checker.validationErrors(wrong, "Build")).toHaveLength(4);
    expect(checker.unknownProperties(wrong, "Build")).toEqual(["odd"]);
  });

  test("is met by the responses to a start, a queueing, a cancellation and a preview", async () => {
    await using client = await openSimulator();
    const start = await client.call("POST", "pipelines/42/runs?api-version=7.1", {});
    expect(createSchemaChecker(pipelines).validationErrors(start.json, "Run")).toEqual([]);
    const preview = await client.call("POST", "pipelines/42/runs?api-version=7.1", { previewRun: true });
    expect(createSchemaChecker(pipelines).validationErrors(preview.json, "Run")).toEqual([]);
    const queued = await client.call("POST", "build/builds?api-version=7.1", { definition: { id: 42 } });
    const path = `build/builds/${queued.json.id}?api-version=7.1`;
    const cancelled = await client.call("PATCH", path, { status: "cancelling" });
    for (const { json } of [queued, cancelled])
      expect(createSchemaChecker(build).validationErrors(json, "Build")).toEqual([]);
  });
});
