// Clients made with Microsoft's SDKs write enums as numbers; the service takes both, and words in any case.

const status = {
  none: 0,
  inProgress: 1,
  completed: 2,
  cancelling: 4,
  postponed: 8,
  notStarted: 32,
  all: 47,
};

const result = { none: 0, succeeded: 2, partiallySucceeded: 4, failed: 8, canceled: 32 };

const reason = {
  none: 0,
  manual: 1,
  individualCI: 2,
  batchedCI: 4,
  schedule: 8,
  scheduleForced: 16,
  userCreated: 32,
  validateShelveset: 64,
  checkInShelveset: 128,
  pullRequest: 256,
  buildCompletion: 512,
  resourceTrigger: 1024,
  triggered: 1967,
  all: 2031,
};

const priority = { high: 1, aboveNormal: 2, normal: 3, belowNormal: 4, low: 5 };

const order = {
  finishTimeAscending: 2,
  finishTimeDescending: 3,
  queueTimeDescending: 4,
  queueTimeAscending: 5,
  startTimeDescending: 6,
  startTimeAscending: 7,
};

const deleted = { excludeDeleted: 0, includeDeleted: 1, onlyDeleted: 2 };

const queueStatus = { enabled: 0, paused: 1, disabled: 2 };

const stageUpdate = { cancel: 0, retry: 1, run: 2 };

const testOutcome = {
  unspecified: 0,
  none: 1,
  passed: 2,
  failed: 3,
  inconclusive: 4,
  timeout: 5,
  aborted: 6,
  blocked: 7,
  notExecuted: 8,
  warning: 9,
  error: 10,
  notApplicable: 11,
  paused: 12,
  inProgress: 13,
  notImpacted: 14,
};

const signedContent = { none: 0, signedContent: 1 };

const tables = {
  status,
  result,
  reason,
  priority,
  order,
  deleted,
  queueStatus,
  stageUpdate,
  testOutcome,
  signedContent,
};

/** The word as the service writes it, whether it came as one or as a number; undefined if nothing came. */
export function enumName(kind: keyof typeof tables, value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
  if (text === "") return undefined;
  const entries: [string, number][] = Object.entries(tables[kind]);
  const entry = entries.find(
    ([name, number]) => String(number) === text || name.toLowerCase() === text.toLowerCase(),
  );
  return entry?.[0] ?? text;
}

/**
 * Whether a value is among those of a filter, which is a list of words or a sum of numbers. A blank filter, and one of
 * zero, takes everything.
 */
export function matchesFlags(
  kind: "status" | "result" | "reason",
  value: string | undefined,
  filter: string | undefined,
): boolean {
  const flags: Readonly<Record<string, number>> = tables[kind];
  const words = (filter ?? "").split(",").filter((word) => word.trim() !== "");
  const sum = words.reduce((flagSum, word) => flagSum | flagOf(flags, enumName(kind, word) ?? ""), 0);
  if (words.length === 0 || words.every((word) => flagOf(flags, enumName(kind, word) ?? "") === 0))
    return true;
  if (enumName(kind, filter) === "all") return true;
  return value !== undefined && (flagOf(flags, value) & sum) !== 0;
}

/** A word that is none of them, `abandoned` say, is matched by none of the numbers. */
function flagOf(flags: Readonly<Record<string, number>>, word: string): number {
  const number = flags[word] ?? Number(word);
  return Number.isInteger(number) ? number : unknownFlag;
}

const unknownFlag = 2 ** 30;
