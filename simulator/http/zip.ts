import { crc32 } from "node:zlib";

const localSignature = 0x04034b50;

const centralSignature = 0x02014b50;

const endSignature = 0x06054b50;

const version = 20;

/** File names are UTF-8. */
const utf8Flag = 0x0800;

/** 1980-01-01, the first day that the format knows. */
const dosDate = 0x0021;

/** A zip archive whose entries are stored as they are. */
export function createZip(files: Readonly<Record<string, string | Uint8Array>>): Buffer {
  const localEntries: Buffer[] = [];
  const centralEntries: Buffer[] = [];
  let offset = 0;
  for (const [path, content] of Object.entries(files)) {
    const name = Buffer.from(path);
    const data = Buffer.from(content);
    const common = commonFields(name, data);
    const local = Buffer.concat([uint32(localSignature), common, name, data]);
    const tail = Buffer.concat([uint16(0, 0, 0), uint32(0, offset)]);
    centralEntries.push(Buffer.concat([uint32(centralSignature), uint16(version), common, tail, name]));
    localEntries.push(local);
    offset += local.byteLength;
  }
  const directory = Buffer.concat(centralEntries);
  const count = centralEntries.length;
  const end = [
    uint32(endSignature),
    uint16(0, 0, count, count),
    uint32(directory.byteLength, offset),
    uint16(0),
  ];
  return Buffer.concat([...localEntries, directory, ...end]);
}

/** The fields that local and central headers share: version, flags, method, time, checksum, sizes, lengths. */
function commonFields(name: Buffer, data: Buffer): Buffer {
  return Buffer.concat([
    uint16(version, utf8Flag, 0, 0, dosDate),
    uint32(crc32(data), data.byteLength, data.byteLength),
    uint16(name.byteLength, 0),
  ]);
}

function uint16(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16LE(value, index * 2);
  return bytes;
}

function uint32(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4);
  return bytes;
}
