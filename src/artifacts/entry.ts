import { entryPath } from "../core/entry-path.ts";
import { oneLine } from "../core/text.ts";
import type { ArchiveEntry } from "./archive.ts";
import { rejectedArtifact } from "./faults.ts";

/** The segments of an entry's path below its artifact's folder. Throws for whatever may not be unpacked. */
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

/** What throws within is a reason to refuse the artifact. */
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
