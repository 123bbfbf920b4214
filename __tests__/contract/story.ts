import type { PipelineSpec, StageSpec } from "../../simulator/index.ts";
import type { Stage } from "./caller.ts";

export interface TimelineItem {
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

export async function records(stage: Stage, id: number, timeline = ""): Promise<TimelineItem[]> {
  const { json } = await stage.call("GET", `build/builds/${id}/timeline${timeline}`);
  return json.records as TimelineItem[];
}

export const named = (all: readonly TimelineItem[], identifier: string, type = "Job") =>
  all.find((record) => record.identifier === identifier && record.type === type);

const web = { type: "TfsGit", name: "web", defaultBranch: "refs/heads/main" } as const;
export const oneJob = (name: string, extra: Partial<StageSpec> = {}): StageSpec => ({
  name,
  jobs: [{ name: "Do", tasks: [{ name: "it", seconds: 10 }] }],
  ...extra,
});
export const pipeline = (stages: readonly StageSpec[], extra: Partial<PipelineSpec> = {}): PipelineSpec => ({
  id: 1,
  name: "p",
  repository: web,
  stages,
  ...extra,
});
