import { expect, test } from "vitest";
import { describeWithShared } from "../support/shared.ts";
import { createSchemaChecker, openApiFolder } from "./openapi.ts";
import { openSimulator } from "./simulator-client.ts";

interface Write {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly definition: string;
}

const version = "api-version=7.2-preview";

const resource = { type: "queue", id: "18", name: "Azure Pipelines", authorized: true };

const writes: readonly Write[] = [
  {
    what: "creating a folder",
    method: "PUT",
    path: `build/folders?path=%5Cnew&${version}`,
    body: { description: "ours" },
    definition: "Folder",
  },
  {
    what: "moving a folder",
    method: "POST",
    path: `build/folders?path=%5Crelease&${version}`,
    body: { path: "\\moved" },
    definition: "Folder",
  },
  {
    what: "saving a template",
    method: "PUT",
    path: `build/definitions/templates/node?${version}`,
    body: { name: "Node", category: "Custom" },
    definition: "BuildDefinitionTemplate",
  },
  {
    what: "changing the build settings",
    method: "PATCH",
    path: `build/settings?${version}`,
    body: { daysToKeepDeletedBuildsBeforeDestroy: 7 },
    definition: "BuildSettings",
  },
  {
    what: "changing the retention",
    method: "PATCH",
    path: `build/retention?${version}`,
    body: { runRetention: { value: 100 } },
    definition: "ProjectRetentionSetting",
  },
  {
    what: "creating an artifact",
    method: "POST",
    path: `build/builds/345/artifacts?${version}`,
    body: { name: "site", resource: { type: "FilePath", data: "\\\\server\\share" } },
    definition: "BuildArtifact",
  },
  {
    what: "authorizing resources",
    method: "PATCH",
    path: `build/authorizedresources?${version}`,
    body: [resource],
    definition: "DefinitionResourceReference",
  },
  {
    what: "authorizing resources of a definition",
    method: "PATCH",
    path: `build/definitions/42/resources?${version}`,
    body: [resource],
    definition: "DefinitionResourceReference",
  },
  {
    what: "reading a repository's files",
    method: "GET",
    path: `sourceProviders/tfsgit/pathcontents?repository=web&${version}`,
    definition: "SourceRepositoryItem",
  },
  {
    what: "reading webhooks",
    method: "GET",
    path: `sourceProviders/github/webhooks?repository=contoso%2Fhello&${version}`,
    definition: "RepositoryWebhook",
  },
  {
    what: "reading the timeline of a stage",
    method: "GET",
    path: `build/builds/345/Timeline/stages/Build?${version}`,
    definition: "Timeline",
  },
];

describeWithShared(openApiFolder, "the published API description", () => {
  test.each(writes)("is met by the response to $what", async ({ method, path, body, definition }) => {
    const checker = createSchemaChecker("build-7.1.json");
    await using client = await openSimulator();
    await client.startRun(42);
    const { status, json } = await client.call(method, path, body);
    expect(status).toBe(200);
    const values: readonly object[] = Array.isArray(json.value) ? json.value : [json];
    for (const value of values) {
      expect(checker.validationErrors(value, definition)).toEqual([]);
      expect(checker.unknownProperties(value, definition)).toEqual([]);
    }
  });

  test("is met by a restored definition", async () => {
    await using client = await openSimulator();
    await client.call("DELETE", `build/definitions/42?${version}`);
    const { status, json } = await client.call("PATCH", `build/definitions/42?deleted=false&${version}`);
    expect(status).toBe(200);
    expect(createSchemaChecker("build-7.1.json").validationErrors(json, "BuildDefinition")).toEqual([]);
  });
});
