import { crc32, deflateRawSync } from "node:zlib";

export interface ZipEntry {
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** Unix mode including the file type: 0o120777 is a link. */
  readonly mode?: number;
  readonly stored?: boolean;
  /** False values for the headers. */
  readonly claims?: { readonly size?: number; readonly crc?: number };
}

/** A zip file. Names and sizes are written as given, even invalid ones. */
export function createZip(...entries: readonly ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const { header, name, data } = encodeEntry(entry);
    const local = Buffer.concat([u32(0x04034b50), u16(20), header, u16(0), name, data]);
    const centralFields = Buffer.concat([
      u16(0),
      u16(0),
      u16(0),
      u16(0),
      u32((entry.mode ?? 0) * 0x10000),
      u32(offset),
    ]);
    directory.push(Buffer.concat([u32(0x02014b50), u16(0x031e), u16(20), header, centralFields, name]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const counts = Buffer.concat([u16(0), u16(0), u16(entries.length), u16(entries.length)]);
  const end = Buffer.concat([u32(0x06054b50), counts, u32(central.length), u32(offset), u16(0)]);
  return Buffer.concat([...locals, central, end]);
}

/** The fields from the flags to the length of the name, which both headers of an entry contain. */
function encodeEntry({ name, content = "", stored = false, claims = {} }: ZipEntry) {
  const bytes = Buffer.from(content as string);
  const data = stored ? bytes : deflateRawSync(bytes, { level: 9 });
  const nameBytes = Buffer.from(name);
  const header = Buffer.concat([
    u16(0x0800),
    u16(stored ? 0 : 8),
    u32(0),
    u32(claims.crc ?? crc32(bytes)),
    u32(data.length),
    u32(claims.size ?? bytes.length),
    u16(nameBytes.length),
  ]);
  return { header, name: nameBytes, data };
}

function u16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value % 2 ** 32);
  return bytes;
}
