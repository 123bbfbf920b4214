// Where each resource lives and which versions it has: clients made with Microsoft's SDKs ask for this before anything else.

interface ResourceLocation {
  readonly id: string;
  readonly area: string;
  readonly resourceName: string;
  readonly routeTemplate: string;
  readonly resourceVersion: number;
  readonly minVersion: string;
  readonly maxVersion: string;
  readonly releasedVersion: string;
}

const project = "{project}/_apis/{area}";

const builds = `${project}/builds/{buildId}/{resource}`;

const runs = `${project}/{pipelineId}/runs/{runId}/{resource}`;

/** Columns: area, resource, version of the resource, released version, id, template. */
const rows = `
build|Builds|7|7.1|0cd358e1-9217-4d94-8269-1c1ee6f93dcf|{project}/_apis/build/{resource}/{buildId}
build|Definitions|7|7.1|dbeaf647-6167-421a-bda9-c9327b25e2e6|{project}/_apis/build/{resource}/{definitionId}
build|Timeline|3|7.1|8baac422-4c6e-4de5-8532-db96d92acffa|${builds}/{timelineId}
build|logs|2|7.1|35a80daf-7f30-45fc-86e8-6b813d9c90df|${builds}/{logId}
build|artifacts|5|7.1|1db06c96-014e-44e1-ac91-90b2d4b3e984|${builds}/{artifactName}
build|tags|3|7.1|6e6114b2-8161-44c8-8f6c-c5505782427f|${builds}/{*tag}
build|properties|1|7.1|0a6312e9-0627-49b7-8083-7d74a64849c9|${builds}
build|stages|5|7.1|b8aac6c9-744b-46e1-88fc-3550969f9313|${builds}/{stageRefName}
pipelines|pipelines|1|7.1|28e1305e-2afe-47bf-abaf-cbb0e6a91988|${project}/{pipelineId}
pipelines|runs|2|7.1|7859261e-d2e9-4a68-b820-a5d84cc5bb3d|${project}/{pipelineId}/{resource}/{runId}
pipelines|preview|2|7.1|53df2d18-29ea-46a9-bee0-933540f80abf|${project}/{pipelineId}/{resource}
pipelines|artifacts|1|7.1|85023071-bd5e-4438-89b0-2a5bf362a19d|${runs}
pipelines|logs|1|7.1|fb1b6d27-3957-43d5-a14b-a2d70403e545|${runs}/{logId}
approval|approvals|2|7.1|37794717-f36f-4d78-b2bf-4dc30d0cfbcd|{project}/_apis/pipelines/{resource}/{approvalId}
pipelinePermissions|pipelinePermissions|1|0.0|b5b9a4a4-e6cd-4096-853c-ab7d8b0c4eb2|{project}/_apis/pipelines/{resource}/{resourceType}/{resourceId}
test|ResultSummaryByBuild|3|0.0|000ef77b-fea2-498d-a10d-ad1a037f559f|{project}/_apis/test/{resource}
test|Runs|3|7.1|cadb3810-d47d-4a3c-a234-fe5f3be50138|{project}/_apis/test/{resource}/{runId}
test|Results|6|7.1|4637d869-3a76-4468-8057-0bb02aa385cf|{project}/_apis/test/Runs/{runId}/{resource}/{testCaseResultId}
core|projects|4|7.1|603fe2ac-9723-48b9-88ad-09305aa6c6e1|_apis/{resource}/{*projectId}
Location|ResourceAreas|1|7.1|e81700f7-3be2-46de-8624-2eb35882fcaa|_apis/{resource}/{areaId}
Location|ConnectionData|1|0.0|00d9565f-ed9c-4a06-9a50-00e7896ccab4|_apis/{resource}
`;

export const locations: readonly ResourceLocation[] = rows
  .trim()
  .split("\n")
  .map((row) => {
    const [
      area = "",
      resourceName = "",
      resourceVersion = "",
      releasedVersion = "",
      id = "",
      routeTemplate = "",
    ] = row.split("|");
    return {
      id,
      area,
      resourceName,
      routeTemplate,
      resourceVersion: Number(resourceVersion),
      minVersion: "1.0",
      maxVersion: "7.2",
      releasedVersion,
    };
  });

export const resourceAreas: readonly { readonly id: string; readonly name: string }[] = [
  { id: "965220d5-5bb9-42cf-8d67-9b146df2a5a4", name: "build" },
  { id: "5264459e-e5e0-4bd8-b118-0985e68a4ec5", name: "pipelines" },
  { id: "5b55a9b6-2e0f-40d7-829d-3e741d2b8c4e", name: "approval" },
  { id: "79134c72-4a58-4b42-976c-04e7115f32bf", name: "core" },
  { id: "c2aa639c-3ccc-4740-b3b6-ce2a1e1d984e", name: "test" },
  { id: "c83eaf52-edf3-4034-ae11-17d38f25404c", name: "testresults" },
];
