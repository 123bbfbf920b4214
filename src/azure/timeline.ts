import type { Issue, NodeResult, NodeStatus, TimelineRecord } from "../core/model.ts";
import { oneLine } from "../core/text.ts";
import { asArray, asDate, asNumber, asObject, asString, type JsonFields } from "./decode.ts";

const recordStates: ReadonlyMap<string, NodeStatus> = new Map([
  ["pending", "pending"],
  ["inprogress", "inProgress"],
  ["completed", "completed"],
]);

const recordResults: ReadonlyMap<string, NodeResult> = new Map([
  ["succeeded", "succeeded"],
  ["succeededwithissues", "succeededWithIssues"],
  ["failed", "failed"],
  ["canceled", "canceled"],
  ["skipped", "skipped"],
  ["abandoned", "abandoned"],
]);

/** Records with an id; what the service invents beside them is passed over. */
export function decodeRecords(json: unknown): readonly TimelineRecord[] {
  return asArray(asObject(json)["records"]).flatMap((entry) => {
    const record = asObject(entry);
    const id = asString(record["id"]);
    return id === null ? [] : [decodeRecord(id, record)];
  });
}

function decodeRecord(id: string, record: JsonFields): TimelineRecord {
  const status = recordStates.get((asString(record["state"]) ?? "").toLowerCase()) ?? "inProgress";
  return {
    id,
    parentId: asString(record["parentId"]),
    type: asString(record["type"]) ?? "",
    name: asString(record["name"]) ?? "",
    refName: asString(record["refName"]),
    identifier: asString(record["identifier"]),
    status,
    result: status === "completed" ? decodeRecordResult(record["result"]) : null,
    startedAt: asDate(record["startTime"]),
    finishedAt: asDate(record["finishTime"]),
    order: asNumber(record["order"]),
    attempt: asNumber(record["attempt"]) ?? 1,
    worker: asString(record["workerName"]),
    logId: asNumber(asObject(record["log"])["id"]),
    errors: asNumber(record["errorCount"]) ?? 0,
    warnings: asNumber(record["warningCount"]) ?? 0,
    issues: asArray(record["issues"]).flatMap(decodeIssue),
  };
}

/** A word that is not known counts as failed; none at all, as the service leaves it on some skipped parents, as skipped. */
function decodeRecordResult(value: unknown): NodeResult {
  const rawResult = asString(value);
  return rawResult === null ? "skipped" : (recordResults.get(rawResult.toLowerCase()) ?? "failed");
}

function decodeIssue(value: unknown): Issue[] {
  const issue = asObject(value);
  const message = asString(issue["message"]);
  // What nobody can see tells nobody anything.
  if (message === null || oneLine(message) === "") return [];
  const data = asObject(issue["data"]);
  const severity = asString(issue["type"])?.toLowerCase() === "warning" ? "warning" : "error";
  return [
    {
      severity,
      message,
      logLine: asPositiveInteger(data["logFileLineNumber"]),
      file: asString(data["sourcepath"]) ?? undefined,
      line: asPositiveInteger(data["linenumber"]),
      column: asPositiveInteger(data["columnnumber"]),
      code: asString(data["code"]) ?? undefined,
    },
  ];
}

/** The service writes these numbers as text. */
function asPositiveInteger(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
