/** What Windows will not have in a name, or takes for something else. */
const windowsForbidden = /[<>:"|?*\p{Cc}]|[. ]$/u;

const windowsDevice = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)/i;

/**
 * The segments of an archive entry's name below the folder that it is unpacked into; none for that folder itself.
 * Throws an Error with a sentence for a name that would lead out of it, or that could not be a file's.
 */
export function entryPath(name: string, windows: boolean): readonly string[] {
  const path = name.replaceAll("\\", "/");
  if (path.includes("\0")) throw new Error("its name holds a NUL");
  if (path.startsWith("/") || /^[a-z]:/i.test(path)) throw new Error("its path is absolute");
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  if (segments.includes("..")) throw new Error("its path leads out of the folder");
  if (segments.some(isGitFolder)) throw new Error("Git would take what is in it for its own");
  const forbidden = windows ? segments.find(isForbiddenOnWindows) : undefined;
  if (forbidden !== undefined) throw new Error("Windows cannot have a file of that name");
  return segments;
}

/** Characters that the file system of macOS ignores in names. */
const ignoredOnMac = /[\u200C-\u200F\u202A-\u202E\u206A-\u206F\uFEFF]/g;

/**
 * Whether some file system takes a name for `.git`: in another case, with dots, spaces or a stream's name at its end,
 * with characters that don't count, or as the short name that Windows gives it.
 */
export function isGitFolder(segment: string): boolean {
  const name = segment.replaceAll(ignoredOnMac, "").replace(/:.*$/s, "").toLowerCase();
  return /^(\.git|gi[0-9a-f]{4}~\d+|git~\d+)[. ]*$/.test(name);
}

/** Throws where an artifact's name cannot be the name of a folder. */
export function checkFolderName(name: string, windows: boolean): void {
  const [segment, ...others] = entryPath(name, windows);
  if (segment !== name || others.length > 0) throw new Error("it is a path, and not a name");
}

function isForbiddenOnWindows(segment: string): boolean {
  return windowsForbidden.test(segment) || windowsDevice.test(segment);
}
