import type { Readable } from "node:stream";
import type { Entry, ZipFile } from "yauzl";
import { entryPath } from "../lib/paths.ts";
import { oneLine } from "../lib/text.ts";
import { rejectedArtifact } from "./errors.ts";

/** One entry of an archive, with its unchecked name. */
export interface ArchiveEntry {
  /** The name as written, with slashes; ends with one for a folder. */
  readonly name: string;
  /** Its size according to its header. Bytes. */
  readonly size: number;
  readonly type: "file" | "folder" | "link" | "other";
  readonly executable: boolean;
  /** Zero if missing. */
  readonly crc32: number;
  /** The content, unpacked while it is read. */
  readonly open: () => Promise<Readable>;
}

const typeMask = 0o170000;

const entryTypes = new Map<number, ArchiveEntry["type"]>([
  [0, "file"],
  [0o100000, "file"],
  [0o040000, "folder"],
  [0o120000, "link"],
]);

/** The entries of a zip. Each must be read before the next is requested. */
export async function* entriesOf(file: string): AsyncGenerator<ArchiveEntry, void, void> {
  const yauzl = await import("yauzl");
  // Names are decoded and checked here, since the library would reject some and change others.
  const zip = await yauzl.openPromise(file, { decodeStrings: false });
  for await (const entry of zip.eachEntry()) {
    const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
    const name = yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
    yield archiveEntry(zip, entry, name);
  }
}

function archiveEntry(zip: ZipFile, entry: Entry, name: string): ArchiveEntry {
  // Archives from Unix have the mode in the upper half; in others it is zero.
  const mode = entry.externalFileAttributes >>> 16;
  const type = entryTypes.get(mode & typeMask) ?? "other";
  return {
    name,
    size: entry.uncompressedSize,
    type: type === "file" && name.endsWith("/") ? "folder" : type,
    executable: (mode & 0o111) !== 0,
    crc32: entry.crc32,
    open: () => zip.openReadStreamPromise(entry),
  };
}

/** The path segments of an entry, relative to its artifact's folder. Throws for entries that must not be unpacked. */
export function entrySegments(
  artifact: string,
  { name, type }: ArchiveEntry,
  windows: boolean,
): readonly string[] {
  const subject = `entry ${JSON.stringify(oneLine(name).slice(0, 200))} was not unpacked, because`;
  if (type === "link") throw rejectedArtifact(artifact, `${subject} it is a link`);
  if (type === "other") throw rejectedArtifact(artifact, `${subject} it is neither a file nor a folder`);
  const segments = rejectOnError(artifact, subject, () => entryPath(name, windows));
  if (segments.length === 0 && type === "file") throw rejectedArtifact(artifact, `${subject} it has no name`);
  return segments;
}

/** Converts errors to a rejection of the artifact. */
export function rejectOnError<T>(artifact: string, subject: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw rejectedArtifact(
      artifact,
      `${subject} ${error instanceof Error ? error.message : String(error)}`,
      error,
    );
  }
}
