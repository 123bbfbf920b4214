import type { JsonObject } from "./validation.ts";

export interface StoredCheckRun {
  readonly id: number;
  readonly name: string;
  readonly head_sha: string;
  /** The same for all of a commit. */
  readonly suite_id: number;
  external_id: string | null;
  details_url: string | null;
  status: string;
  conclusion: string | null;
  started_at: string;
  completed_at: string | null;
  output: { title: string | null; summary: string | null; annotations_count: number };
  text: string | null;
  /** All that were ever written: GitHub adds those of each request to those it has. */
  annotations: JsonObject[];
}

export interface StoredStatus {
  readonly id: number;
  readonly sha: string;
  readonly state: string;
  readonly context: string;
  readonly description: string | null;
  readonly target_url: string | null;
  readonly created_at: string;
}
