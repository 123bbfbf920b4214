import type { ActionError } from "../errors.ts";
import { listed, quotedName, sizeText } from "../lib/text.ts";
import { diskError, rejectedArtifact } from "./errors.ts";
import { type ArchiveEntry, entriesOf, entrySegments } from "./zip.ts";

/** GitHub takes no more from a job. */
const maxOutputsBytes = 1024 * 1024;

export interface OutputsFile {
  /** Without its folders. */
  readonly name: string;
  readonly text: string;
}

interface OutputsArchive {
  /** The artifact's name. */
  readonly name: string;
  readonly zip: string;
  readonly windows: boolean;
}

/** Reads the one file that an outputs artifact holds. */
export async function readOutputsFile({ name, zip, windows }: OutputsArchive): Promise<OutputsFile> {
  try {
    const names = await fileNames(zip);
    if (names.length > 1) throw multipleFiles(name, names);
    for await (const entry of entriesOf(zip)) {
      const path = entrySegments(name, entry, windows);
      if (entry.type !== "folder") return { name: path.at(-1) ?? "", text: await readEntryText(name, entry) };
    }
    throw rejectedArtifact(name, "it holds no file, and should hold one with the outputs");
  } catch (error) {
    throw diskError(name, error);
  }
}

async function fileNames(zip: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const entry of entriesOf(zip)) {
    if (entry.type !== "folder") names.push(entry.name);
    if (names.length > 100) break;
  }
  return names;
}

async function readEntryText(artifact: string, entry: ArchiveEntry): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of (await entry.open()) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxOutputsBytes)
      throw rejectedArtifact(artifact, `its file is larger than the limit of ${sizeText(maxOutputsBytes)}`);
    parts.push(chunk);
  }
  return decodeText(Buffer.concat(parts));
}

/** PowerShell on Windows writes UTF-16 unless it is told otherwise. */
function decodeText(content: Buffer): string {
  const utf16 = content[0] === 0xff && content[1] === 0xfe;
  return new TextDecoder(utf16 ? "utf-16le" : "utf-8").decode(content);
}

function multipleFiles(artifact: string, names: readonly string[]): ActionError {
  const list = listed(names.map(quotedName), 5);
  return rejectedArtifact(artifact, `it holds several files (${list}), and should hold one with the outputs`);
}
