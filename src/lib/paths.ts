/** Characters and names that Windows forbids, or gives another meaning. */
const windowsForbidden = /[<>:"|?*\p{Cc}]|[. ]$/u;

const windowsDevice = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)/i;

/**
 * The path segments of an archive entry's name, relative to the target folder; none for that folder itself.
 * Throws an Error with a sentence for a name that leads out of the folder, or that is not a valid file name.
 */
export function entryPath(name: string, windows: boolean): readonly string[] {
  const path = name.replaceAll("\\", "/");
  if (path.includes("\0")) throw new Error("its name contains a NUL character");
  if (path.startsWith("/") || /^[a-z]:/i.test(path)) throw new Error("its path is absolute");
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  if (segments.includes("..")) throw new Error("its path leads out of the folder");
  if (segments.some(isGitFolder)) throw new Error("Git would treat it as one of its own folders");
  const forbidden = windows ? segments.find(isForbiddenOnWindows) : undefined;
  if (forbidden !== undefined) throw new Error("Windows does not allow this file name");
  return segments;
}

/** Characters that the file system of macOS ignores in names. */
const ignoredOnMac = /[\u200C-\u200F\u202A-\u202E\u206A-\u206F\uFEFF]/g;

/**
 * Whether some file system treats a name as `.git`: in another case, followed by dots, spaces or a stream name, with
 * ignored characters, or as its short name on Windows.
 */
export function isGitFolder(segment: string): boolean {
  const name = segment.replaceAll(ignoredOnMac, "").replace(/:.*$/s, "").toLowerCase();
  return /^(\.git|gi[0-9a-f]{4}~\d+|git~\d+)[. ]*$/.test(name);
}

/** Throws if an artifact's name is not a valid folder name. */
export function checkFolderName(name: string, windows: boolean): void {
  const [segment, ...others] = entryPath(name, windows);
  if (segment !== name || others.length > 0) throw new Error("it is a path, and not a name");
}

function isForbiddenOnWindows(segment: string): boolean {
  return windowsForbidden.test(segment) || windowsDevice.test(segment);
}
