export { demoToken } from "./azure-devops/sign-in.ts";
export { demoPipelines } from "./engine/demo-pipelines.ts";
export { recordId } from "./engine/ids.ts";
export { startEntra } from "./entra/entra.ts";
export { startGitHubOidc } from "./entra/github-oidc.ts";
export { startManagedIdentity } from "./entra/managed-identity.ts";
export { startGitHub } from "./github/github.ts";
export type {
  Acceptance,
  Credential,
  Fault,
  FaultKind,
  Identity,
  Permission,
  Quirks,
  SeenRequest,
  SimulatedRun,
  Simulator,
  SimulatorOptions,
} from "./options.ts";

export { startSimulator } from "./simulator.ts";

export type {
  ApprovalSpec,
  ArtifactSpec,
  BuildReason,
  CommitSpec,
  IssueSpec,
  JobSpec,
  OtherRecordSpec,
  ParameterSpec,
  PipelineSpec,
  QueueStatus,
  RepositorySpec,
  StageSpec,
  TaskCheckSpec,
  TaskResult,
  TaskSpec,
  TestFailureSpec,
  TestsSpec,
  TriggeredRunSpec,
} from "./spec.ts";
