import { lstat, mkdir, realpath, rm, rmdir } from "node:fs/promises";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";

/** A folder that files are put into and never beside: links that lie in it are not followed. */
export interface Folder {
  /** Makes way for a file, folders and all, and answers with its path. */
  place(segments: readonly string[]): Promise<string>;
  /** Makes a folder. */
  folder(segments: readonly string[]): Promise<void>;
  /** Removes all that was placed, with the folders that were made for it, as far as that can be. Never rejects. */
  undo(): Promise<void>;
}

/** Rejects where the way to the folder leads over a link out of the workspace. */
export async function openFolder(path: string, workspace: string): Promise<Folder> {
  const root = resolve(workspace, path);
  await checkWay(root, await realpath(workspace), resolve(workspace));
  const made: string[] = [];
  const placed: string[] = [];
  const known = new Set<string>();

  async function enter(target: string): Promise<void> {
    if (known.has(target)) return;
    if (await makeFolder(target)) made.push(target);
    known.add(target);
  }
  async function folder(segments: readonly string[]): Promise<void> {
    for (let depth = 0; depth <= segments.length; depth += 1)
      await enter(join(root, ...segments.slice(0, depth)));
  }
  const parent = dirname(root);
  const firstMade = await mkdir(parent, { recursive: true });
  return {
    folder,
    async place(segments) {
      await folder(segments.slice(0, -1));
      const file = join(root, ...segments);
      // An older file goes, and a link goes without what it leads to.
      await rm(file, { force: true });
      placed.push(file);
      return file;
    },
    async undo() {
      for (const file of placed) await rm(file, { force: true }).catch(() => undefined);
      for (const target of made.toReversed()) await rmdir(target).catch(() => undefined);
      if (firstMade !== undefined) await removeUp(parent, firstMade);
    },
  };
}

/** Removes folders that are empty, from the innermost to the outermost. */
async function removeUp(innermost: string, outermost: string): Promise<void> {
  for (let path = innermost; path.length >= outermost.length; path = dirname(path))
    await rmdir(path).catch(() => undefined);
}

/** Answers whether it was not there before. */
async function makeFolder(path: string): Promise<boolean> {
  const there = await lstat(path).catch(() => undefined);
  if (there === undefined) {
    await mkdir(path);
    return true;
  }
  if (there.isSymbolicLink()) throw new Error("a link lies in its way");
  if (!there.isDirectory()) throw new Error("a file lies in the way of one of its folders");
  return false;
}

/** A checkout may hold a link of that name. Outside the workspace, the workflow's author has named the place. */
async function checkWay(root: string, realWorkspace: string, workspace: string): Promise<void> {
  const way = relative(workspace, root);
  if (isAbsolute(way) || way === ".." || way.startsWith(`..${sep}`)) return;
  let path = workspace;
  for (const segment of way.split(sep)) {
    path = join(path, segment);
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined && (await lstat(path).catch(() => undefined))?.isSymbolicLink() !== true) return;
    if (real === undefined || (real !== realWorkspace && !real.startsWith(realWorkspace + sep))) {
      throw new Error("its folder is a link that leads out of the workspace");
    }
  }
}
