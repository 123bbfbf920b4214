export { demoPipelines } from "./catalogue.ts";
export { recordId } from "./ids.ts";
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
export { demoToken } from "./sign-in.ts";
export { startSimulator } from "./simulator.ts";
export type {
  ApprovalSpec,
  ArtifactSpec,
  IssueSpec,
  JobSpec,
  ParameterSpec,
  PipelineSpec,
  RepositorySpec,
  StageSpec,
  TaskCheckSpec,
  TaskResult,
  TaskSpec,
  TestsSpec,
} from "./spec.ts";
