import type { PipelineSpec, StageSpec } from "../../simulator/index.ts";
import type { SimulatorClient } from "./simulator-client.ts";

export interface TimelineRecordJson {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly identifier: string | null;
  readonly state: string;
  readonly result: string | null;
  readonly attempt: number;
  readonly log: { readonly id: number } | null;
  readonly issues?: readonly { readonly message: string; readonly data: Readonly<Record<string, string>> }[];
  readonly previousAttempts: readonly {
    readonly attempt: number;
    readonly timelineId: string;
    readonly recordId: string;
  }[];
}

export async function fetchRecords(
  client: SimulatorClient,
  id: number,
  suffix = "",
): Promise<TimelineRecordJson[]> {
  const { json } = await client.call("GET", `build/builds/${id}/timeline${suffix}`);
  return json.records as TimelineRecordJson[];
}

export const findRecord = (records: readonly TimelineRecordJson[], identifier: string, type = "Job") =>
  records.find((record) => record.identifier === identifier && record.type === type);

const webRepository = { type: "TfsGit", name: "web", defaultBranch: "refs/heads/main" } as const;

export const singleJobStage = (name: string, overrides: Partial<StageSpec> = {}): StageSpec => ({
  name,
  jobs: [{ name: "Do", tasks: [{ name: "it", seconds: 10 }] }],
  ...overrides,
});

export const pipelineSpec = (
  stages: readonly StageSpec[],
  overrides: Partial<PipelineSpec> = {},
): PipelineSpec => ({
  id: 1,
  name: "p",
  repository: webRepository,
  stages,
  ...overrides,
});
