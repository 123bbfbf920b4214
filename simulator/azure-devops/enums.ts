// Clients made with Microsoft's SDKs write enums as numbers; the service takes both, and words in any case.

const status = { inprogress: 1, completed: 2, cancelling: 4, postponed: 8, notstarted: 32, all: 47 };

const result = { succeeded: 2, partiallysucceeded: 4, failed: 8, canceled: 32 };

const order = {
  finishtimeascending: 2,
  finishtimedescending: 3,
  queuetimedescending: 4,
  queuetimeascending: 5,
  starttimedescending: 6,
  starttimeascending: 7,
};

const stageUpdate = { cancel: 0, retry: 1, run: 2 };

const tables = { status, result, order, stageUpdate };

/** The word in lower case, whether it came as one or as a number; undefined if nothing came. */
export function enumName(kind: keyof typeof tables, value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
  if (text === "") return undefined;
  const entry = Object.entries(tables[kind]).find(([, number]) => String(number) === text);
  return entry?.[0] ?? text.toLowerCase();
}
