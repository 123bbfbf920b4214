"use strict";
exports.id = 512;
exports.ids = [512];
exports.modules = {

/***/ 6512:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  createDiskArtifactStore: () => (/* binding */ createDiskArtifactStore)
});

// UNUSED EXPORTS: readOutputsFile, saveDownload

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: external "node:stream/promises"
var external_node_stream_promises_ = __webpack_require__(6466);
// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(7975);
// EXTERNAL MODULE: ./build/core/output-values.js
var output_values = __webpack_require__(8917);
// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9984);
// EXTERNAL MODULE: ./build/lib/text.js
var lib_text = __webpack_require__(7240);
;// CONCATENATED MODULE: ./build/artifacts/errors.js


function rejectedArtifact(artifact, reason, cause) {
    return new errors/* ActionError */.lZ("unexpected-response", `Artifact ${(0,lib_text/* quotedName */.aH)(artifact)} was refused: ${(0,lib_text/* clip */.$Q)(reason, 1_000).replace(/\.+$/, "")}.`, {
        hint: "Check the artifact in Azure DevOps, and publish it again.",
        cause,
    });
}
function diskError(artifact, error) {
    if (error instanceof errors/* ActionError */.lZ || error instanceof errors/* TransientError */.N_)
        return error;
    if (!(error instanceof Error) || error.name === "AbortError")
        return error;
    const { code, syscall } = error;
    if (syscall === undefined || code === undefined)
        return rejectedArtifact(artifact, (0,lib_text/* oneLine */.TN)(error.message), error);
    const name = (0,lib_text/* quotedName */.aH)(artifact);
    if (code === "ENAMETOOLONG") {
        return new errors/* ActionError */.lZ("bad-input", `Artifact ${name} contains a path that is too long for this runner's disk.`, {
            hint: "Choose a shorter `artifacts-path`, or publish the artifact with shorter names.",
            cause: error,
        });
    }
    if (code === "ENOTDIR" || (code === "EEXIST" && syscall === "mkdir")) {
        return new errors/* ActionError */.lZ("bad-input", `Artifact ${name} could not be written: a file is in the way.`, {
            hint: "Choose an `artifacts-path` that is a folder, or that does not exist.",
            cause: error,
        });
    }
    if (code === "EEXIST") {
        return new errors/* ActionError */.lZ("bad-input", `Another step wrote to the folder of artifact ${name} at the same time.`, {
            hint: "Set a different `artifacts-path` in each step that runs in parallel.",
            cause: error,
        });
    }
    const isDiskFull = code === "ENOSPC" || code === "EDQUOT";
    return new errors/* ActionError */.lZ(isDiskFull ? "internal" : "bad-input", `Artifact ${name} could not be written (${code}).`, {
        hint: isDiskFull
            ? "Free space on the runner's disk, or remove the artifact from the list."
            : "Choose an `artifacts-path` in which the runner can write.",
        cause: error,
    });
}

// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(8522);
;// CONCATENATED MODULE: ./build/lib/paths.js
const windowsForbidden = /[<>:"|?*\p{Cc}]|[. ]$/u;
const windowsDevice = /^(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)/i;
function entryPath(name, windows) {
    const path = name.replaceAll("\\", "/");
    if (path.includes("\0"))
        throw new Error("its name contains a NUL character");
    if (path.startsWith("/") || /^[a-z]:/i.test(path))
        throw new Error("its path is absolute");
    const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
    if (segments.includes(".."))
        throw new Error("its path leads out of the folder");
    if (segments.some(isGitFolder))
        throw new Error("Git would treat it as one of its own folders");
    const forbidden = windows ? segments.find(isForbiddenOnWindows) : undefined;
    if (forbidden !== undefined)
        throw new Error("Windows does not allow this file name");
    return segments;
}
const ignoredOnMac = /[\u200C-\u200F\u202A-\u202E\u206A-\u206F\uFEFF]/g;
function isGitFolder(segment) {
    const name = segment.replaceAll(ignoredOnMac, "").replace(/:.*$/s, "").toLowerCase();
    return /^(\.git|gi[0-9a-f]{4}~\d+|git~\d+)[. ]*$/.test(name);
}
function checkFolderName(name, windows) {
    const [segment, ...others] = entryPath(name, windows);
    if (segment !== name || others.length > 0)
        throw new Error("it is a path, and not a name");
}
function isForbiddenOnWindows(segment) {
    return windowsForbidden.test(segment) || windowsDevice.test(segment);
}

;// CONCATENATED MODULE: ./build/artifacts/target-folder.js




const missing = (0,errors/* ignoreError */.FZ)("it does not exist");
const leftBehind = (0,errors/* ignoreError */.FZ)("what cannot be undone remains");
async function openTargetFolder(path, workspace) {
    const root = (0,external_node_path_.resolve)(workspace, path);
    await rejectLinks(root, await (0,promises_.realpath)(workspace), (0,external_node_path_.resolve)(workspace));
    await rejectGitFolder(root);
    const hadFiles = (await (0,promises_.readdir)(root).catch((0,errors/* ignoreError */.FZ)("there is no such folder yet", []))).length > 0;
    const parent = (0,external_node_path_.dirname)(root);
    const firstCreated = await (0,promises_.mkdir)(parent, { recursive: true });
    const createdFolders = [];
    const createdFiles = [];
    const replacedFiles = new Map();
    let backupFolder;
    const existing = new Set();
    async function ensureFolder(target) {
        if (existing.has(target))
            return;
        if (await createFolderIfMissing(target))
            createdFolders.push(target);
        existing.add(target);
    }
    async function createFolder(segments) {
        for (let depth = 0; depth <= segments.length; depth += 1)
            await ensureFolder((0,external_node_path_.join)(root, ...segments.slice(0, depth)));
    }
    async function setAside(file) {
        const found = await (0,promises_.lstat)(file).catch(missing);
        if (found === undefined || createdFiles.includes(file))
            return (0,promises_.rm)(file, { force: true });
        if (found.isDirectory())
            throw new Error("a folder has the path of one of its files");
        backupFolder ??= await (0,promises_.mkdtemp)((0,external_node_path_.join)(parent, ".run-azure-pipeline-"));
        const backup = (0,external_node_path_.join)(backupFolder, String(replacedFiles.size));
        await (0,promises_.rename)(file, backup);
        replacedFiles.set(file, backup);
    }
    async function removeBackups() {
        if (backupFolder !== undefined)
            await (0,promises_.rm)(backupFolder, { recursive: true, force: true }).catch(leftBehind);
    }
    return {
        hadFiles,
        createFolder,
        async createFile(segments, mode) {
            await createFolder(segments.slice(0, -1));
            const file = (0,external_node_path_.join)(root, ...segments);
            await setAside(file);
            const handle = await (0,promises_.open)(file, "wx", mode);
            createdFiles.push(file);
            return handle;
        },
        commit: removeBackups,
        async rollback() {
            for (const file of createdFiles)
                await (0,promises_.rm)(file, { force: true }).catch(leftBehind);
            for (const [file, backup] of replacedFiles)
                await (0,promises_.rename)(backup, file).catch(leftBehind);
            await removeBackups();
            for (const target of createdFolders.toReversed())
                await (0,promises_.rmdir)(target).catch(leftBehind);
            if (firstCreated !== undefined)
                await removeEmptyFolders(parent, firstCreated);
        },
    };
}
async function removeEmptyFolders(innermost, outermost) {
    for (let path = innermost; path.length >= outermost.length; path = (0,external_node_path_.dirname)(path))
        await (0,promises_.rmdir)(path).catch((0,errors/* ignoreError */.FZ)("a folder that is not empty remains"));
}
async function createFolderIfMissing(path) {
    const existing = await (0,promises_.lstat)(path).catch(missing);
    if (existing === undefined) {
        return (0,promises_.mkdir)(path).then(() => true, (error) => {
            if (error.code === "EEXIST")
                return createFolderIfMissing(path);
            throw error;
        });
    }
    if (existing.isSymbolicLink())
        throw new Error("its path contains a link");
    if (!existing.isDirectory())
        throw new Error("a file has the path of one of its folders");
    return false;
}
async function rejectLinks(root, realWorkspace, workspace) {
    const relativePath = (0,external_node_path_.relative)(workspace, root);
    if ((0,external_node_path_.isAbsolute)(relativePath) || relativePath === ".." || relativePath.startsWith(`..${external_node_path_.sep}`))
        return;
    let path = workspace;
    for (const segment of relativePath.split(external_node_path_.sep)) {
        path = (0,external_node_path_.join)(path, segment);
        const found = await (0,promises_.lstat)(path).catch(missing);
        if (found === undefined)
            return;
        if (!found.isSymbolicLink())
            continue;
        const real = await (0,promises_.realpath)(path).catch(missing);
        const isInside = real === realWorkspace || real?.startsWith(realWorkspace + external_node_path_.sep) === true;
        throw new Error(isInside ? "its folder is a link" : "its folder is a link that leads out of the workspace");
    }
}
async function rejectGitFolder(root) {
    let existing = root;
    while ((await (0,promises_.lstat)(existing).catch(missing)) === undefined && (0,external_node_path_.dirname)(existing) !== existing)
        existing = (0,external_node_path_.dirname)(existing);
    const resolved = (0,external_node_path_.join)(await (0,promises_.realpath)(existing).catch((0,errors/* ignoreError */.FZ)("nothing of the path exists", existing)), (0,external_node_path_.relative)(existing, root));
    const isInGitFolder = resolved.split(external_node_path_.sep).some(isGitFolder) || (await findGitDirectory(resolved)) !== undefined;
    if (isInGitFolder)
        throw new Error("its folder is inside a Git folder");
}
async function findGitDirectory(path) {
    for (let folder = path;; folder = (0,external_node_path_.dirname)(folder)) {
        const marks = ["HEAD", "objects", "refs"].map((name) => (0,promises_.lstat)((0,external_node_path_.join)(folder, name)).catch(missing));
        if ((await Promise.all(marks)).every((found) => found !== undefined))
            return folder;
        if ((0,external_node_path_.dirname)(folder) === folder)
            return undefined;
    }
}

;// CONCATENATED MODULE: ./build/artifacts/zip.js



const typeMask = 0o170000;
const entryTypes = new Map([
    [0, "file"],
    [0o100000, "file"],
    [0o040000, "folder"],
    [0o120000, "link"],
]);
async function* entriesOf(file) {
    const yauzl = await __webpack_require__.e(/* import() */ 663).then(__webpack_require__.t.bind(__webpack_require__, 663, 19));
    const zip = await yauzl.openPromise(file, { decodeStrings: false });
    for await (const entry of zip.eachEntry()) {
        const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry;
        const name = yauzl.getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false);
        yield archiveEntry(zip, entry, name);
    }
}
function archiveEntry(zip, entry, name) {
    const mode = entry.externalFileAttributes >>> 16;
    const type = entryTypes.get(mode & typeMask) ?? "other";
    return {
        name,
        size: entry.uncompressedSize,
        type: type === "file" && name.endsWith("/") ? "folder" : type,
        executable: (mode & 0o111) !== 0,
        crc32: entry.crc32,
        open: () => zip.openReadStreamPromise(entry),
    };
}
function entrySegments(artifact, { name, type }, windows) {
    const subject = `entry ${JSON.stringify((0,lib_text/* oneLine */.TN)(name).slice(0, 200))} was not unpacked, because`;
    if (type === "link")
        throw rejectedArtifact(artifact, `${subject} it is a link`);
    if (type === "other")
        throw rejectedArtifact(artifact, `${subject} it is neither a file nor a folder`);
    const segments = rejectOnError(artifact, subject, () => entryPath(name, windows));
    if (segments.length === 0 && type === "file")
        throw rejectedArtifact(artifact, `${subject} it has no name`);
    return segments;
}
function rejectOnError(artifact, subject, work) {
    try {
        return work();
    }
    catch (error) {
        throw rejectedArtifact(artifact, `${subject} ${error instanceof Error ? error.message : String(error)}`, error);
    }
}

;// CONCATENATED MODULE: ./build/artifacts/unpack.js









async function unpackArtifact(options, signal) {
    const { name, into, workspace, windows } = options;
    try {
        rejectOnError(name, "its name cannot be used for a folder:", () => checkFolderName(name, windows));
        const preflight = await inspectArchive(options, signal);
        const folder = await openTargetFolder((0,external_node_path_.join)(into, name), workspace);
        return await unpackInto(folder, { ...options, preflight }, signal);
    }
    catch (error) {
        throw signal.aborted ? signal.reason : diskError(name, error);
    }
}
async function inspectArchive({ name, zip, windows, limits = defaultLimits }, signal) {
    let count = 0;
    let bytes = 0;
    let hasTopFolder = true;
    for await (const entry of entriesOf(zip)) {
        signal.throwIfAborted();
        count += 1;
        bytes += entry.size;
        if (count > limits.entries)
            throw rejectedArtifact(name, `it contains more entries than the limit of ${limits.entries}`);
        const segments = entrySegments(name, entry, windows);
        hasTopFolder &&= segments[0] === name && (segments.length > 1 || entry.type === "folder");
    }
    const maxBytes = await maxUnpackedBytes(zip, limits);
    if (bytes > maxBytes)
        throw tooLarge(name, maxBytes);
    return { topFolder: hasTopFolder ? name : undefined, maxBytes };
}
async function maxUnpackedBytes(zip, limits) {
    const { size } = await (0,promises_.stat)(zip);
    return Math.min(limits.bytes, Math.max(limits.ratioFromBytes, size * limits.ratio));
}
async function unpackInto(folder, job, signal) {
    let files = 0;
    let bytes = 0;
    try {
        await folder.createFolder([]);
        for await (const entry of entriesOf(job.zip)) {
            signal.throwIfAborted();
            const segments = entrySegments(job.name, entry, job.windows).slice(job.preflight.topFolder === undefined ? 0 : 1);
            if (entry.type === "folder") {
                await folder.createFolder(segments);
                continue;
            }
            files += 1;
            bytes = await unpackFile({
                entry,
                file: await folder.createFile(segments, entry.executable ? 0o755 : 0o644),
                bytesBefore: bytes,
            }, job, signal);
        }
        await folder.commit();
        return { files, bytes, hadFiles: folder.hadFiles };
    }
    catch (error) {
        await folder.rollback();
        throw error;
    }
}
async function unpackFile({ entry, file, bytesBefore }, { name, preflight }, signal) {
    let bytes = bytesBefore;
    let sum = 0;
    async function* counted(source) {
        for await (const chunk of source) {
            bytes += chunk.length;
            sum = (0,external_node_zlib_.crc32)(chunk, sum);
            if (bytes > preflight.maxBytes)
                throw tooLarge(name, preflight.maxBytes);
            yield chunk;
        }
    }
    const source = await entry.open().catch(async (error) => {
        await file.close();
        throw error;
    });
    await (0,external_node_stream_promises_.pipeline)(source, counted, file.createWriteStream(), { signal });
    if (entry.crc32 !== 0 && entry.crc32 !== sum)
        throw rejectedArtifact(name, `entry ${(0,lib_text/* quotedName */.aH)(entry.name)} is damaged`);
    return bytes;
}
function tooLarge(name, maxBytes) {
    return rejectedArtifact(name, `unpacked it is larger than the limit of ${(0,lib_text/* sizeText */.lP)(maxBytes)} for an archive of its size`);
}
const mebibyte = 1024 * 1024;
const defaultLimits = {
    bytes: 20 * 1024 * mebibyte,
    entries: 500_000,
    ratio: 200,
    ratioFromBytes: 256 * mebibyte,
};

;// CONCATENATED MODULE: ./build/artifacts/store.js











function createDiskArtifactStore({ download, workspace, tempFolder, windows, }) {
    async function withArchive(ref, { read, onWait, onProgress }, signal) {
        const folder = await (0,promises_.mkdtemp)((0,external_node_path_.join)(tempFolder, "run-azure-pipeline-")).catch((error) => {
            throw new errors/* RunnerError */.Rn(`An artifact could not be stored on the runner: ${(0,errors/* reasonOf */.A3)(error)}.`, error);
        });
        try {
            const { name } = ref.artifact;
            const file = (0,external_node_path_.join)(folder, "artifact.zip");
            const sink = (chunks) => saveDownload(chunks, { name, file, onProgress }, signal);
            await download(ref, { sink, onWait }, signal);
            return await read(file);
        }
        finally {
            await (0,promises_.rm)(folder, { recursive: true, force: true });
        }
    }
    return {
        save: (ref, { into, ...callbacks }, signal) => {
            const { name } = ref.artifact;
            const read = (zip) => unpackArtifact({ name, zip, into, workspace, windows }, signal);
            return withArchive(ref, { read, ...callbacks }, signal);
        },
        readOutputs: async (ref, callbacks, signal) => {
            const { name } = ref.artifact;
            const read = (zip) => readOutputsFile({ name, zip, windows });
            const file = await withArchive(ref, { read, ...callbacks }, signal);
            try {
                return (0,output_values/* parseArtifactOutputs */.Ip)(file.name, file.text, external_node_util_.parseEnv);
            }
            catch (error) {
                throw rejectedArtifact(name, error instanceof Error ? error.message : String(error), error);
            }
        },
    };
}
async function saveDownload(chunks, { name, file, limits = defaultLimits, onProgress }, signal) {
    let bytes = 0;
    async function* counted() {
        for await (const chunk of chunks) {
            bytes += chunk.length;
            if (bytes > limits.bytes)
                throw rejectedArtifact(name, `it is larger than the limit of ${(0,lib_text/* sizeText */.lP)(limits.bytes)}`);
            onProgress?.(bytes);
            yield chunk;
        }
    }
    const target = (0,external_node_fs_.createWriteStream)(file);
    const closed = new Promise((resolve) => target.once("close", resolve));
    try {
        await (0,external_node_stream_promises_.pipeline)(counted, target, { signal });
    }
    catch (error) {
        await closed;
        await (0,promises_.rm)(file, { force: true });
        throw signal.aborted ? signal.reason : diskError(name, error);
    }
}
const maxOutputsBytes = 1024 * 1024;
async function readOutputsFile({ name, zip, windows }) {
    try {
        const names = await fileNames(zip);
        if (names.length > 1)
            throw multipleFiles(name, names);
        for await (const entry of entriesOf(zip)) {
            const path = entrySegments(name, entry, windows);
            if (entry.type !== "folder")
                return { name: path.at(-1) ?? "", text: await readEntryText(name, entry) };
        }
        throw rejectedArtifact(name, "it contains no file, but must contain one with the outputs");
    }
    catch (error) {
        throw diskError(name, error);
    }
}
async function fileNames(zip) {
    const names = [];
    for await (const entry of entriesOf(zip)) {
        if (entry.type !== "folder")
            names.push(entry.name);
        if (names.length > 100)
            break;
    }
    return names;
}
async function readEntryText(artifact, entry) {
    const parts = [];
    let size = 0;
    for await (const chunk of (await entry.open())) {
        size += chunk.length;
        if (size > maxOutputsBytes)
            throw rejectedArtifact(artifact, `its file is larger than the limit of ${(0,lib_text/* sizeText */.lP)(maxOutputsBytes)}`);
        parts.push(chunk);
    }
    return decodeText(Buffer.concat(parts));
}
function decodeText(content) {
    const utf16 = content[0] === 0xff && content[1] === 0xfe;
    return new TextDecoder(utf16 ? "utf-16le" : "utf-8").decode(content);
}
function multipleFiles(artifact, names) {
    const list = (0,lib_text/* listed */.KE)(names.map(lib_text/* quotedName */.aH), 5);
    return rejectedArtifact(artifact, `it contains several files (${list}), but must contain one with the outputs`);
}


/***/ })

};
;