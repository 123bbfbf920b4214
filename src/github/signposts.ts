import type { Trigger } from "../core/default-ref.ts";
import type { Signpost } from "../ports.ts";
import { checkRun } from "./checks.ts";
import { headCommit } from "./event.ts";
import { createPace } from "./pace.ts";
import type { SignpostOptions } from "./signpost.ts";
import { commitStatus } from "./statuses.ts";

interface Wanted {
  readonly checkRun: string | undefined;
  readonly commitStatus: string | undefined;
}

interface Options extends Omit<SignpostOptions, "name" | "commit" | "pace"> {
  /** Somebody else may have left a check run open for the same run. */
  readonly follow: boolean;
  readonly trigger: Trigger;
}

/** The signs that a workflow wants on its commit. They share one pace. */
export function signposts(wanted: Wanted, { follow, trigger, ...options }: Options): readonly Signpost[] {
  const common = { ...options, commit: headCommit(trigger), pace: createPace(options.clock) };
  return [
    ...(wanted.checkRun === undefined ? [] : [checkRun({ ...common, name: wanted.checkRun, follow })]),
    ...(wanted.commitStatus === undefined ? [] : [commitStatus({ ...common, name: wanted.commitStatus })]),
  ];
}
