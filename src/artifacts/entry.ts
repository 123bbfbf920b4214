import { entryPath } from "../core/entry-path.ts";
import { oneLine } from "../core/text.ts";
import type { ArchiveEntry } from "./archive.ts";
import { refused } from "./faults.ts";

/** The segments of an entry's path below its artifact's folder. Throws for whatever may not be unpacked. */
export function pathOf(artifact: string, { name, type }: ArchiveEntry, windows: boolean): readonly string[] {
  const shown = `entry ${JSON.stringify(oneLine(name).slice(0, 200))} was not unpacked, because`;
  if (type === "link") throw refused(artifact, `${shown} it is a link`);
  if (type === "other") throw refused(artifact, `${shown} it is neither a file nor a folder`);
  const segments = judge(artifact, shown, () => entryPath(name, windows));
  if (segments.length === 0 && type === "file") throw refused(artifact, `${shown} it has no name`);
  return segments;
}

/** What throws within is a reason to refuse the artifact. */
export function judge<T>(artifact: string, shown: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw refused(artifact, `${shown} ${error instanceof Error ? error.message : String(error)}`, error);
  }
}
