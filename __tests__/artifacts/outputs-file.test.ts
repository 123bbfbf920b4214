import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";
import { readOutputsFile } from "../../src/artifacts/outputs-file.ts";
import { createZip, type ZipEntry } from "./zip.ts";

function read(...entries: readonly ZipEntry[]) {
  const zip = join(temporaryFolder(), "a.zip");
  writeFileSync(zip, createZip(...entries));
  return readOutputsFile({ name: "values", zip, windows: false });
}

it("reads the one file, whatever folder it is in", async () => {
  const text = '{"tag": "v1"}';
  expect(await read({ name: "values/" }, { name: "values/out.json", content: text })).toEqual({
    name: "out.json",
    text,
  });
});

it("reads what PowerShell on Windows writes", async () => {
  const content = Buffer.from("\uFEFFA=é", "utf16le");
  expect(await read({ name: "x.env", content })).toEqual({ name: "x.env", text: "A=é" });
});

it.each<[string, readonly ZipEntry[]]>([
  ["holds no file", [{ name: "values/" }]],
  ['holds several files ("a.json" and "b/c.env")', [{ name: "a.json" }, { name: "b/c.env" }]],
  ["larger than the limit of 1 MB", [{ name: "a.json", content: Buffer.alloc((1 << 20) + 1) }]],
  ["leads out of the folder", [{ name: "../a.json", content: "{}" }]],
  ["it is a link", [{ name: "a.json", content: "/etc/passwd", mode: 0o120777 }]],
])("refuses one that %s", async (why, entries) => {
  await expect(read(...entries)).rejects.toMatchObject({
    code: "unexpected-response",
    message: expect.stringContaining(why),
  });
});
