import type { Quirks } from "../options.ts";
import { isReleased, latestVersion } from "./versions.ts";

// The route and the versions of each resource: clients made with Microsoft's SDKs ask for these before anything else.

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

const definitions = `${project}/definitions/{definitionId}/{resource}`;

const runs = `${project}/{pipelineId}/runs/{runId}/{resource}`;

const pipelines = "{project}/_apis/pipelines";

const repositories = `${project}/repositories/{repositoryId}/{resource}`;

const providers = "{project}/_apis/sourceProviders";

/** Columns: area, resource, version of the resource, lowest and released version of the API, id, template. */
const rows = `
build|Builds|7|1.0|7.1|0cd358e1-9217-4d94-8269-1c1ee6f93dcf|{project}/_apis/build/{resource}/{buildId}
build|Definitions|7|1.0|7.1|dbeaf647-6167-421a-bda9-c9327b25e2e6|{project}/_apis/build/{resource}/{definitionId}
build|Timeline|3|2.0|7.1|8baac422-4c6e-4de5-8532-db96d92acffa|${builds}/{timelineId}
build|logs|2|2.0|7.1|35a80daf-7f30-45fc-86e8-6b813d9c90df|${builds}/{logId}
build|artifacts|5|2.0|7.1|1db06c96-014e-44e1-ac91-90b2d4b3e984|${builds}/{artifactName}
build|tags|3|2.0|7.1|6e6114b2-8161-44c8-8f6c-c5505782427f|${builds}/{*tag}
build|tags|3|2.0|7.1|d84ac5c6-edc7-43d5-adc9-1b34be5dea09|${project}/{resource}/{*tag}
build|tags|3|3.1|7.1|cb894432-134a-4d31-a839-83beceaace4b|${definitions}/{*tag}
build|properties|1|3.2|7.1|0a6312e9-0627-49b7-8083-7d74a64849c9|${builds}
build|properties|1|3.2|7.1|d9826ad7-2a68-46a9-a6e9-677698777895|${definitions}
build|stages|5|5.2|7.1|b8aac6c9-744b-46e1-88fc-3550969f9313|${builds}/{stageRefName}
build|changes|2|2.0|7.1|54572c7b-bbd3-45d4-80dc-28be08941620|${builds}
build|changes|3|2.1|7.1|f10f0ea5-18a1-43ec-a8fb-2042c7be9b43|${project}/{resource}
build|workitems|2|2.0|7.1|5a21f5d2-5642-47e4-a0bd-1356e6731bee|${builds}
build|workitems|2|2.1|7.1|52ba8915-5518-42e3-a4bb-b0182d159e2d|${project}/{resource}
build|report|2|2.2|7.1|45bcaa88-67e1-4042-a035-56d3b4a7d44c|${builds}
build|attachments|2|4.1|7.1|f2192269-89fa-4f94-baf6-8fb128c55159|${builds}/{type}
build|attachments|2|4.1|7.1|af5122d3-3438-485e-a25a-2dbbfde84ee6|${project}/builds/{buildId}/{timelineId}/{recordId}/{resource}/{type}/{name}
build|buildleases|1|6.1|7.1|3da19a6a-f088-45c4-83ce-2ad3a87be6c4|${project}/builds/{buildId}/leases
build|leases|2|6.0|7.1|272051e4-9af1-45b5-ae22-8d960a5539d4|${project}/retention/{resource}/{*leaseId}
build|retention|1|5.2|7.1|dadb46e7-5851-4c72-820e-ae8abb82f59f|${project}/{resource}
build|history|1|6.1|7.1|1a9c48be-0ef5-4ec2-b94f-f053bdd2d3bf|_apis/{area}/retention/{resource}
build|latest|1|5.0|0.0|54481611-01f4-47f3-998f-160da0f0c229|${project}/{resource}/{*definition}
build|status|1|5.0|0.0|07acfdce-4757-4439-b422-ddd13a2fcc10|${project}/{resource}/{*definition}
build|badge|2|2.0|7.1|de6a4df8-22cd-44ee-af2d-39f6aa7a4261|_apis/public/{area}/definitions/{project}/{definitionId}/{resource}
build|buildbadge|2|2.0|0.0|21b3b9ce-fad5-4567-9ad0-80679794e003|${project}/repos/{repoType}/{resource}
build|revisions|3|2.0|7.1|7c116775-52e5-453e-8c5d-914d9762d8c4|${definitions}
build|yaml|1|6.0|7.1|7c3df3a1-7e51-4150-8cf7-540347f8697f|${definitions}
build|templates|3|2.0|7.1|e884571e-7f92-4d6a-9274-3f5649900835|${project}/definitions/{resource}/{templateId}
build|Metrics|1|3.0|0.0|d973b939-0ce0-4fec-91d8-da3940fa1827|${definitions}
build|Metrics|1|3.1|0.0|7433fae7-a6bc-41dc-a6e2-eef9005ce41a|${project}/{resource}/{metricAggregationType}
build|resources|1|5.0|0.0|ea623316-1967-45eb-89ab-e9e6110cf2d6|${definitions}
build|authorizedresources|1|5.0|0.0|398c85bc-81aa-4822-947c-a194a05f0fef|${project}/{resource}
build|folders|2|3.0|0.0|a906531b-d2da-4f55-bda7-f3e676cc50d9|${project}/{resource}/{*path}
build|options|2|2.0|7.1|591cb5a4-2d46-4f3a-a697-5cd42b6bd332|${project}/{resource}
build|settings|1|2.0|7.1|aa8c1c9c-ef8b-474a-b8c4-785c7b191d0d|${project}/{resource}
build|generalSettings|1|6.0|7.1|c4aefd19-30ff-405b-80ad-aca021e7242a|${project}/{resource}
build|Controllers|2|2.0|7.1|fcac1932-2ee1-437f-9b6f-7f696be858f6|_apis/build/{resource}/{controllerId}
build|ResourceUsage|2|2.0|0.0|3813d06c-9e36-4ea1-aac3-61a485d60e3d|_apis/build/{resource}
build|sourceProviders|1|4.1|7.1|3ce81729-954f-423d-a581-9fea01d25186|{project}/_apis/{resource}
build|repositories|1|4.1|7.1|d44d1680-f978-4834-9b93-8c6e132329c9|${providers}/{providerName}/{resource}
build|branches|1|4.1|7.1|e05d4403-9b81-4244-8763-20fde28d1976|${providers}/{providerName}/{resource}
build|fileContents|1|4.1|7.1|29d12225-b1d9-425f-b668-6c594a981313|${providers}/{providerName}/{resource}
build|pathContents|1|4.1|7.1|7944d6fb-df01-4709-920a-7a189aa34037|${providers}/{providerName}/{resource}
build|pullRequests|1|5.0|7.1|d8763ec7-9ff0-4fb4-b2b2-9d757906ff14|${providers}/{providerName}/{resource}/{pullRequestId}
build|webhooks|1|4.1|7.1|8f20ff82-9498-4812-9f6e-9c01bdc50e99|${providers}/{providerName}/{resource}
build|webhooks|1|4.1|7.1|793bceb8-9736-4030-bd2f-fb3ce6d6b478|${providers}/{providerName}/{resource}
pipelines|pipelines|1|5.1|7.1|28e1305e-2afe-47bf-abaf-cbb0e6a91988|${project}/{pipelineId}
pipelines|runs|2|5.1|7.1|7859261e-d2e9-4a68-b820-a5d84cc5bb3d|${project}/{pipelineId}/{resource}/{runId}
pipelines|preview|2|5.1|7.1|53df2d18-29ea-46a9-bee0-933540f80abf|${project}/{pipelineId}/{resource}
pipelines|artifacts|1|5.2|7.1|85023071-bd5e-4438-89b0-2a5bf362a19d|${runs}
pipelines|logs|1|5.1|7.1|fb1b6d27-3957-43d5-a14b-a2d70403e545|${runs}/{logId}
approval|approvals|2|5.1|7.1|37794717-f36f-4d78-b2bf-4dc30d0cfbcd|${pipelines}/{resource}/{approvalId}
pipelinePermissions|pipelinePermissions|1|5.1|0.0|b5b9a4a4-e6cd-4096-853c-ab7d8b0c4eb2|${pipelines}/{resource}/{resourceType}/{resourceId}
PipelinesChecks|runs|1|5.1|0.0|91282c1d-c183-444f-9554-1485bfb3879d|${pipelines}/checks/{resource}/{checkSuiteId}
distributedtask|queues|1|2.0|7.1|900fa995-c559-4923-aae7-f8424fe4fbea|${project}/{resource}/{queueId}
distributedtask|pools|1|1.0|7.1|a8c47e17-4d56-4a56-92bb-de7ea7dc65be|_apis/{area}/{resource}/{poolId}
distributedtask|agents|1|1.0|7.1|e298ef32-5878-4cab-993c-043836571f42|_apis/{area}/pools/{poolId}/{resource}/{agentId}
distributedtask|environments|1|5.0|7.1|8572b1fc-2482-47fa-8f74-7e3ed53ee54b|${project}/{resource}/{environmentId}
distributedtask|environmentdeploymentRecords|1|5.0|7.1|51bb5d21-4305-4ea6-9dbb-b7488af73334|${project}/environments/{environmentId}/{resource}
distributedtask|tasks|1|1.0|7.1|60aac929-f0cd-4bc8-9ce4-6b30e8f1b1bd|_apis/{area}/{resource}/{taskId}/{versionString}
distributedtask|taskgroups|1|3.0|7.1|6c08ffbf-dbf1-4f9a-94e5-a1cbd47005e7|${project}/{resource}/{taskGroupId}
distributedtask|securefiles|1|3.2|0.0|adcfd8bc-b184-43ba-bd84-7c8c6a2ff421|${project}/{resource}/{secureFileId}
distributedtask|variablegroups|2|5.2|7.1|ef5b7057-ffc3-4c77-bbad-c10b4a4abcc7|_apis/{area}/{resource}/{groupId}
distributedtask|variablegroups|2|3.1|7.1|f5b09dd5-9d54-45a1-8b5a-1c8287d634cc|${project}/{resource}/{groupId}
Test|ResultSummaryByBuild|3|3.0|0.0|000ef77b-fea2-498d-a10d-ad1a037f559f|{project}/_apis/test/{resource}
Test|ResultsByBuild|1|4.1|0.0|3c191b88-615b-4be2-b7d9-5ff9141e91d4|{project}/_apis/test/{resource}
Test|ResultDetailsByBuild|2|3.0|0.0|efb387b0-10d5-42e7-be40-95e06ee9430f|{project}/_apis/test/{resource}
Test|CodeCoverage|1|2.0|7.1|77560e8a-4e8c-4d59-894e-a5f264c24444|{project}/_apis/test/{resource}
Test|Runs|3|1.0|7.1|cadb3810-d47d-4a3c-a234-fe5f3be50138|{project}/_apis/test/{resource}/{runId}
Test|Runs|3|1.0|7.1|0a42c424-d764-4a16-a2d5-5c85f87d0ae8|{project}/_apis/test/{resource}/{runId}/Statistics
Test|Results|6|1.0|7.1|4637d869-3a76-4468-8057-0bb02aa385cf|{project}/_apis/test/Runs/{runId}/{resource}/{testCaseResultId}
testresults|resultsummarybybuild|1|1.0|0.0|e009fa95-95a5-4ad4-9681-590043ce2423|${project}/{resource}
testresults|resultsbybuild|1|1.0|0.0|f48cc885-dbc4-4efc-ab19-ae8c19d1e02a|${project}/{resource}
testresults|resultdetailsbybuild|1|1.0|0.0|a518c749-4524-45b2-a7ef-1ac009b312cd|${project}/{resource}
testresults|codecoverage|1|1.0|0.0|9b3e1ece-c6ab-4fbb-8167-8a32a0c92216|${project}/{resource}
testresults|runs|1|1.0|0.0|364538f9-8062-4ce0-b024-75a0fb463f0d|${project}/{resource}/{runId}
testresults|statistics|2|1.0|0.0|82b986e8-ca9e-4a89-b39e-f65c69bc104a|${project}/runs/{runId}/{resource}
testresults|results|2|1.0|0.0|02afa165-e79a-4d70-8f0c-2af0f35b4e07|${project}/runs/{runId}/{resource}/{testResultId}
testresults|runsummary|1|1.0|0.0|5c6a250c-53b7-4851-990c-42a7a00c8b39|${project}/runs/{runId}/{resource}
testresults|attachments|1|1.0|0.0|b5731898-8206-477a-a51d-3fdf116fc6bf|${project}/runs/{runId}/{resource}/{attachmentId}
testresults|attachments|1|1.0|0.0|2a632e97-e014-4275-978f-8e5c4906d4b3|${project}/runs/{runId}/results/{testCaseResultId}/{resource}/{attachmentId}
testresults|testtags|1|1.0|0.0|52ee2057-4b54-41a6-a18c-ed4375a00f8d|${project}/{resource}
Test|Attachments|1|2.0|7.1|4f004af4-a507-489c-9b13-cb62060beb11|{project}/_apis/test/Runs/{runId}/{resource}/{attachmentId}
Test|Attachments|1|2.0|7.1|2bffebe9-2f0f-4639-9af8-56129e9fed2d|{project}/_apis/test/Runs/{runId}/Results/{testCaseResultId}/{resource}/{attachmentId}
git|repositories|2|1.0|7.1|225f7195-f9c7-4d14-ab28-a83f7ff77e1f|${project}/{resource}/{repositoryId}
git|refs|2|1.0|7.1|2d874a60-a811-4f62-9c9f-963a6ea0a55b|${repositories}
git|branches|2|1.0|7.1|d5b216de-d8d5-4d32-ae76-51df755b16d3|${project}/repositories/{repositoryId}/stats/{resource}
git|commits|2|1.0|7.1|c2570c3b-5b3f-41b8-98bf-5407bfde8d58|${repositories}/{commitId}
git|items|1|1.0|7.1|fb93c0db-47ed-4a31-8c20-47552878fb44|${repositories}/{*path}
git|statuses|2|1.0|7.1|428dd4fb-fda5-4722-af02-9313b80305da|${project}/repositories/{repositoryId}/commits/{commitId}/{resource}
git|changes|1|1.0|7.1|5bf884f5-3e07-42e9-afb8-1b872267bf16|${project}/repositories/{repositoryId}/commits/{commitId}/{resource}
git|commitsBatch|2|1.0|7.1|6400dfb2-0bcb-462b-b992-5a57f8f1416c|${repositories}
git|pushes|3|1.0|7.1|ea98d07b-3c87-4971-8ede-a613694ffb55|${repositories}/{pushId}
git|pullRequests|2|1.0|7.1|a5d28130-9cd2-40fa-9f08-902e7daa9efb|${project}/{resource}
git|pullRequests|2|1.0|7.1|01a46dea-7d46-4d40-bc84-319e7c260d99|${project}/{resource}/{pullRequestId}
git|pullRequests|2|1.0|7.1|9946fd70-0d40-406e-b686-b4744cbbcc37|${repositories}/{pullRequestId}
Release|definitions|4|1.0|7.1|d8f96f24-8ea7-4cb6-baab-2df8fc515665|${project}/{resource}/{definitionId}
Release|releases|9|1.0|7.1|a166fde7-27ad-408e-ba75-703c2cc9d500|${project}/{resource}/{releaseId}
Release|approvals|3|1.0|7.1|b47c6458-e73b-47cb-a770-4df1e8813a91|${project}/{resource}
Release|approvals|3|1.0|7.1|9328e074-59fb-465a-89d9-b09c82ee5109|${project}/{resource}/{approvalId}
Release|deployments|2|1.0|7.1|b005ef73-cddc-448e-9ba2-5193bf36b19f|${project}/{resource}
Release|environments|8|1.0|7.1|a7e426b1-03dc-48af-9dfe-c98bac612dcb|${project}/Releases/{releaseId}/{resource}/{environmentId}
policy|types|1|1.0|7.1|44096322-2d3d-466a-bb30-d1b7de69f61f|${project}/{resource}/{typeId}
policy|evaluations|1|1.0|0.0|c23ddff5-229c-4d04-a80b-0fdce9f360c8|${project}/{resource}
policy|configurations|1|1.0|7.1|dad91cbe-d183-45f8-9c6e-9c1164472121|${project}/{resource}/{configurationId}
serviceendpoint|endpoints|4|1.0|7.1|e85f1c62-adfc-4b74-b618-11a150fb195e|${project}/{resource}/{endpointId}
core|projects|4|1.0|7.1|603fe2ac-9723-48b9-88ad-09305aa6c6e1|_apis/{resource}/{*projectId}
core|teams|3|1.0|7.1|d30a3dd1-f8ba-442a-b86a-bd0c0c383e59|_apis/projects/{projectId}/{resource}/{*teamId}
core|teams|3|4.1|0.0|7a4d9ee9-3433-4347-b47a-7a80f1cf307e|_apis/{resource}
core|processes|1|1.0|7.1|93878975-88c5-4e6a-8abb-7ddd77a8a7d8|_apis/process/{resource}/{*processId}
core|properties|1|3.2|0.0|4976a71a-4487-49aa-8aab-a1eda469037a|_apis/projects/{projectId}/{resource}
Location|ResourceAreas|1|1.0|7.1|e81700f7-3be2-46de-8624-2eb35882fcaa|_apis/{resource}/{areaId}
Location|ConnectionData|1|1.0|0.0|00d9565f-ed9c-4a06-9a50-00e7896ccab4|_apis/{resource}
`;

const locations: readonly ResourceLocation[] = rows
  .trim()
  .split("\n")
  .map((row) => {
    const [
      area = "",
      resourceName = "",
      resourceVersion = "",
      minVersion = "",
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
      minVersion,
      maxVersion: latestVersion,
      releasedVersion,
    };
  });

/** As a server of that version describes them: an older one lacks some, and others are a preview there. */
export function locationsOf({ maxApiVersion = latestVersion }: Quirks): readonly ResourceLocation[] {
  return locations
    .filter(({ minVersion }) => Number(minVersion) <= Number(maxApiVersion))
    .map((location) => ({
      ...location,
      maxVersion: maxApiVersion,
      releasedVersion: releasedVersionOf(location, maxApiVersion),
    }));
}

function releasedVersionOf({ area, resourceName, releasedVersion }: ResourceLocation, max: string): string {
  if (!isReleased([area.toLowerCase(), resourceName], max)) return "0.0";
  return Number(releasedVersion) < Number(max) ? releasedVersion : max;
}

interface ResourceArea {
  readonly id: string;
  readonly name: string;
  /** It is served by a host of its own, as vstmr.dev.azure.com and vsrm.dev.azure.com are. */
  readonly isElsewhere?: boolean;
}

export const resourceAreas: readonly ResourceArea[] = [
  { id: "965220d5-5bb9-42cf-8d67-9b146df2a5a4", name: "build" },
  { id: "2e0bf237-8973-4ec9-a581-9c3d679d1776", name: "pipelines" },
  { id: "5b55a9b6-2e0f-40d7-829d-3741d2b8c4e4", name: "approval" },
  { id: "a81a0441-de52-4000-aa15-ff0e07bfbbaa", name: "pipelinePermissions" },
  { id: "4a933897-0488-45af-bd82-6fd3ad33f46a", name: "PipelinesChecks" },
  { id: "a85b8835-c1a1-4aac-ae97-1c3d0ba72dbd", name: "distributedtask" },
  { id: "79134c72-4a58-4b42-976c-04e7115f32bf", name: "core" },
  // The area of work items, which the pipelines client of azure-devops-node-api asks for too.
  { id: "5264459e-e5e0-4bd8-b118-0985e68a4ec5", name: "wit" },
  { id: "4e080c62-fa21-4fbc-8fef-2a10a2b38049", name: "git" },
  { id: "fb13a388-40dd-4a04-b530-013a739c72ef", name: "policy" },
  { id: "1814ab31-2f4f-4a9f-8761-f4d77dc5a5d7", name: "serviceendpoint" },
  { id: "c2aa639c-3ccc-4740-b3b6-ce2a1e1d984e", name: "Test" },
  { id: "c83eaf52-edf3-4034-ae11-17d38f25404c", name: "testresults", isElsewhere: true },
  { id: "efc2f575-36ef-48e9-b672-0c6fb4a48ac5", name: "Release", isElsewhere: true },
];
