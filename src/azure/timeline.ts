import type { Issue, NodeResult, NodeStatus, TimelineRecord } from "../core/model.ts";
import { oneLine } from "../core/text.ts";
import { dateOf, type Fields, fieldsOf, listOf, numberOf, textOf } from "./decode.ts";

const states: ReadonlyMap<string, NodeStatus> = new Map([
  ["pending", "pending"],
  ["inprogress", "inProgress"],
  ["completed", "completed"],
]);

const results: ReadonlyMap<string, NodeResult> = new Map([
  ["succeeded", "succeeded"],
  ["succeededwithissues", "succeededWithIssues"],
  ["failed", "failed"],
  ["canceled", "canceled"],
  ["skipped", "skipped"],
  ["abandoned", "abandoned"],
]);

/** Records with an id; what the service invents beside them is passed over. */
export function decodeRecords(answer: unknown): readonly TimelineRecord[] {
  return listOf(fieldsOf(answer)["records"]).flatMap((entry) => {
    const record = fieldsOf(entry);
    const id = textOf(record["id"]);
    return id === null ? [] : [decodeRecord(id, record)];
  });
}

function decodeRecord(id: string, record: Fields): TimelineRecord {
  const status = states.get((textOf(record["state"]) ?? "").toLowerCase()) ?? "inProgress";
  return {
    id,
    parentId: textOf(record["parentId"]),
    type: textOf(record["type"]) ?? "",
    name: textOf(record["name"]) ?? "",
    refName: textOf(record["refName"]),
    identifier: textOf(record["identifier"]),
    status,
    result: status === "completed" ? resultOf(record["result"]) : null,
    startedAt: dateOf(record["startTime"]),
    finishedAt: dateOf(record["finishTime"]),
    order: numberOf(record["order"]),
    attempt: numberOf(record["attempt"]) ?? 1,
    worker: textOf(record["workerName"]),
    logId: numberOf(fieldsOf(record["log"])["id"]),
    errors: numberOf(record["errorCount"]) ?? 0,
    warnings: numberOf(record["warningCount"]) ?? 0,
    issues: listOf(record["issues"]).flatMap(decodeIssue),
  };
}

/** A word that is not known counts as failed; none at all, as the service leaves it on some skipped parents, as skipped. */
function resultOf(value: unknown): NodeResult {
  const word = textOf(value);
  return word === null ? "skipped" : (results.get(word.toLowerCase()) ?? "failed");
}

function decodeIssue(value: unknown): Issue[] {
  const issue = fieldsOf(value);
  const message = textOf(issue["message"]);
  // What nobody can see tells nobody anything.
  if (message === null || oneLine(message) === "") return [];
  const data = fieldsOf(issue["data"]);
  const severity = textOf(issue["type"])?.toLowerCase() === "warning" ? "warning" : "error";
  return [
    {
      severity,
      message,
      logLine: countOf(data["logFileLineNumber"]),
      file: textOf(data["sourcepath"]) ?? undefined,
      line: countOf(data["linenumber"]),
      column: countOf(data["columnnumber"]),
      code: textOf(data["code"]) ?? undefined,
    },
  ];
}

/** The service writes these numbers as text. */
function countOf(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
