import { createHash } from "node:crypto";

const recordNamespace = Buffer.from("53371b7fd4614b5dc5e227335323df24", "hex");

/** The id that the service gives a Stage, Phase or Job record: the same in every run of a pipeline. */
export function recordId(identifier: string, attempt = 1): string {
  const name = (attempt > 1 ? `${identifier}.${attempt}` : identifier).toLowerCase();
  const nameBytes = Buffer.from(name, "utf16le").swap16();
  const bytes = createHash("sha1").update(recordNamespace).update(nameBytes).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(7) & 0x0f) | 0x50, 7);
  return dotNetGuid(bytes);
}

/** A GUID that depends on nothing but the text. */
export function guidFrom(text: string): string {
  const bytes = createHash("sha256").update(text).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return withHyphens(bytes.toString("hex"));
}

/** A commit that depends on nothing but the text. */
export function shaFrom(text: string): string {
  return createHash("sha1").update(text).digest("hex");
}

/** .NET prints the first three groups little-endian. */
function dotNetGuid(bytes: Buffer): string {
  const groups = [bytes.subarray(0, 4), bytes.subarray(4, 6), bytes.subarray(6, 8)];
  const head = groups.map((group) => Buffer.from(group).reverse().toString("hex")).join("");
  return withHyphens(head + bytes.subarray(8).toString("hex"));
}

function withHyphens(hex: string): string {
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export const queueRef = {
  id: 18,
  name: "Azure Pipelines",
  pool: { id: 9, name: "Azure Pipelines", isHosted: true },
};

/** The queues of the project: the hosted one, which runs use unless they ask for another, and one of its own. */
export const queues = [
  queueRef,
  { id: 19, name: "Default", pool: { id: 1, name: "Default", isHosted: false } },
];
