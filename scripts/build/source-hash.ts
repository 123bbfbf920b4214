import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The file in `dist` with the hash of its sources: file times are meaningless in a fresh clone. */
export const hashFile = "dist/sources.sha256";

interface LockedPackage {
  readonly version?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
}

/** SHA-256 of the sources of `dist`: `src`, the compiler's options and the versions of the packages in the bundle. */
export function sourceHash(root: string): string {
  const hash = createHash("sha256");
  const add = (name: string, text: string) => hash.update(`${name}\0${text.replaceAll("\r\n", "\n")}\0`);
  const sources = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => `src/${path.replaceAll("\\", "/")}`);
  for (const path of [...sources.sort(), "tsconfig.json", "tsconfig.build.json"])
    add(path, readFileSync(join(root, path), "utf8"));
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  for (const [path, { version = "", dev, optional }] of Object.entries(packages))
    if (path !== "" && !dev && !optional) add(path, version);
  return hash.digest("hex");
}

/** The message for a bundle that was not built from the current sources; undefined if it was. */
export function staleBundleMessage(root: string): string | undefined {
  const file = join(root, hashFile);
  const built = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
  return built === sourceHash(root)
    ? undefined
    : "dist was not built from the current sources: run `npm run build`.";
}
