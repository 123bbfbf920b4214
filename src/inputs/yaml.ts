import type { Alias, Document, LineCounter, ParsedNode, Scalar, YAMLError } from "yaml";
import { parseJsonWithSource } from "../lib/json.ts";

/** A YAML document with resolved aliases and unchanged scalars. */
export type YamlNode = YamlScalar | YamlList | YamlMap;

interface YamlScalar {
  readonly kind: "scalar";
  /** A plain scalar as it was written; else the value of the quoted or block scalar. */
  readonly text: string;
  /** Not quoted, not a block, not tagged, so it may be a number, `true` or `null`. */
  readonly plain: boolean;
  /** Ends at a `#` that begins a comment and looks like a part of the text: `Fix login #123`. */
  readonly cutOff: boolean;
}

interface YamlList {
  readonly kind: "list";
  readonly items: readonly YamlNode[];
}

interface YamlMap {
  readonly kind: "map";
  readonly entries: ReadonlyMap<string, YamlNode>;
}

const maxDepth = 100;
/** Limit of characters and nodes after aliases are resolved. */
const maxSize = 1024 * 1024;

// The library's own messages quote the source, which may be a secret.
const errorMessages: Readonly<Record<string, string>> = {
  BAD_ALIAS: "a value that starts with * or & must be quoted",
  BAD_DQ_ESCAPE: "unknown escape in double quotes; write \\\\ for a backslash, or use single quotes",
  BAD_INDENT: "the indentation is wrong, or a bracket is not closed",
  BAD_SCALAR_START: "a value that starts with @, ` or % must be quoted",
  BLOCK_AS_IMPLICIT_KEY:
    "a value that contains a colon and a space must be quoted, and names must have the same indentation",
  MISSING_CHAR: "a quote, a bracket, a comma or a colon is missing",
  MULTIPLE_DOCS: "expected one document, got several",
  MULTILINE_IMPLICIT_KEY: "a name and its colon must be on one line",
  RESOURCE_EXHAUSTION: "the document is nested too deeply",
  TAB_AS_INDENT: "indent with spaces, not with tabs",
};

/** Reads YAML 1.2, which includes JSON. `undefined` for an empty document. No error message quotes a value. */
export async function parseYaml(text: string): Promise<YamlNode | undefined> {
  const mapping = parseSimpleMapping(text) ?? parseJsonMapping(text);
  if (mapping !== undefined) return mapping;
  const yaml = await import("yaml");
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, {
    schema: "failsafe",
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "error",
    lineCounter: lines,
  });
  const [error] = document.errors;
  if (error !== undefined) throw syntaxError(error, lines);
  const { contents } = document;
  if (contents === null || (yaml.isScalar(contents) && isEmptyScalar(contents))) return undefined;
  return toNode(contents, { yaml, text, lines, aliasTargets: resolveAliases(yaml, document), size: 0 }, 0);
}

/** A plain scalar without any character that is special in YAML, or a quoted one without escapes. */
const simpleScalar = String.raw`[A-Za-z0-9_][\w./@+-]*(?: [\w./@+-]+)*|'[ -&(-~]*'|"[ !#-[\]-~]*"`;

const simpleItems = new RegExp(String.raw`(?:${simpleScalar})(?= *[,\]])`, "g");

/** A name, and a scalar or a list of scalars in brackets. */
const simpleLine = new RegExp(
  String.raw`^([A-Za-z_][\w.-]*): +(${simpleScalar}|\[ *(?:(?:${simpleScalar}) *(?:, *(?:${simpleScalar}) *)*)?\]) *$`,
);

/** Reads lines of `name: value` without the YAML library, which takes a while to load. */
export function parseSimpleMapping(text: string): YamlMap | undefined {
  const entries = new Map<string, YamlNode>();
  for (const line of text.split(/\r?\n/)) {
    if (line === "") continue;
    const [, name, value] = simpleLine.exec(line) ?? [];
    if (name === undefined || value === undefined || entries.has(name)) return undefined;
    entries.set(name, simpleNode(value));
  }
  return entries.size === 0 ? undefined : { kind: "map", entries };
}

function simpleNode(value: string): YamlNode {
  if (value.startsWith("["))
    return { kind: "list", items: (value.match(simpleItems) ?? []).map((item) => simpleNode(item)) };
  const isQuoted = /^['"]/.test(value);
  return scalarNode(isQuoted ? value.slice(1, -1) : value, !isQuoted);
}

/** Reads a JSON object with unchanged numbers; `undefined` if the YAML library must read or reject it. */
export function parseJsonMapping(text: string): YamlMap | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  let nameCount = 0;
  try {
    const node = parseJsonWithSource(text, (_name, value, { source }) => {
      if (source !== undefined && typeof value === "string") return scalarNode(value, false);
      if (source !== undefined) return scalarNode(source, true);
      if (Array.isArray(value)) return { kind: "list", items: value };
      const entries = new Map(Object.entries(value as Readonly<Record<string, YamlNode>>));
      nameCount += entries.size;
      return { kind: "map", entries };
    }) as YamlMap;
    // JSON.parse keeps the last of two equal names, which are a mistake.
    const strings = [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)];
    const writtenNames = strings.filter(([, colon]) => colon !== undefined).length;
    return writtenNames === nameCount && depthOf(node) <= maxDepth ? node : undefined;
  } catch {
    return undefined;
  }
}

function scalarNode(text: string, plain: boolean): YamlScalar {
  return { kind: "scalar", text, plain, cutOff: false };
}

function depthOf(node: YamlNode): number {
  if (node.kind === "scalar") return 0;
  const children = node.kind === "list" ? node.items : [...node.entries.values()];
  return 1 + children.reduce((depth, child) => Math.max(depth, depthOf(child)), 0);
}

function isEmptyScalar({ source, type, tag }: Scalar.Parsed): boolean {
  return type === "PLAIN" && tag === undefined && ["", "~", "null"].includes(source);
}

interface YamlContext {
  readonly yaml: typeof import("yaml");
  readonly text: string;
  readonly lines: LineCounter;
  readonly aliasTargets: ReadonlyMap<unknown, ParsedNode>;
  size: number;
}

function toNode(node: ParsedNode | null, context: YamlContext, depth: number): YamlNode {
  const { yaml, lines, aliasTargets } = context;
  context.size += 1;
  if (depth > maxDepth) throw new Error(`the document is nested more than ${maxDepth} levels deep`);
  if (node === null) return { kind: "scalar", text: "", plain: true, cutOff: false };
  checkTag(node, lines);
  if (yaml.isAlias(node)) {
    const target = aliasTargets.get(node);
    if (target === undefined) throw errorAt(node, lines, "a value that starts with * must be quoted");
    return toNode(target, context, depth + 1);
  }
  if (yaml.isMap(node)) {
    return { kind: "map", entries: toEntries(node.items as readonly ParsedPair[], context, depth) };
  }
  if (yaml.isSeq(node)) {
    const items = node.items as readonly ParsedNode[];
    return { kind: "list", items: items.map((item) => toNode(item, context, depth + 1)) };
  }
  return toScalar(node, context);
}

function toScalar({ source, type, tag, range }: Scalar.Parsed, context: YamlContext): YamlScalar {
  context.size += source.length;
  if (context.size > maxSize) throw new Error("the document is too large after its aliases are resolved");
  const isPlain = type === "PLAIN";
  const cutOff = isPlain && isFollowedByHash(context.text, range[1]);
  return { kind: "scalar", text: source, plain: isPlain && tag === undefined, cutOff };
}

/** A comment that begins without a space is more likely a part of the value. */
function isFollowedByHash(text: string, valueEnd: number): boolean {
  let index = valueEnd;
  while (text[index] === " " || text[index] === "\t") index += 1;
  return text[index] === "#" && /\S/.test(text[index + 1] ?? "");
}

/** The paths of the values that are cut off: of `name` itself, or of values inside it, as in `pipelines.build.version`. */
export function cutOffPaths(name: string, node: YamlNode): readonly string[] {
  if (node.kind === "scalar") return node.cutOff ? [name] : [];
  return node.kind === "list"
    ? node.items.flatMap((item, index) => cutOffPaths(`${name}[${index}]`, item))
    : [...node.entries].flatMap(([key, value]) => cutOffPaths(`${name}.${key}`, value));
}

interface ParsedPair {
  readonly key: ParsedNode;
  readonly value: ParsedNode | null;
}

function toEntries(pairs: readonly ParsedPair[], context: YamlContext, depth: number): Map<string, YamlNode> {
  const entries = new Map<string, YamlNode>();
  for (const { key, value } of pairs) {
    const name = toNode(key, context, depth + 1);
    if (name.kind !== "scalar") throw errorAt(key, context.lines, `expected a name, got a ${nodeKind(name)}`);
    if (name.plain && name.text === "")
      throw errorAt(key, context.lines, "a name is missing before the colon");
    if (entries.has(name.text)) throw errorAt(key, context.lines, `the key "${name.text}" appears twice`);
    entries.set(name.text, toNode(value, context, depth + 1));
  }
  return entries;
}

/** For messages. */
export function nodeKind({ kind }: YamlNode): string {
  return { scalar: "text", list: "list", map: "mapping" }[kind];
}

function checkTag(node: ParsedNode, lines: LineCounter): void {
  if (node.tag === undefined || node.tag === "!") return;
  if (/^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/.test(node.tag)) return;
  throw errorAt(node, lines, "a value that starts with ! must be quoted");
}

/** Each alias with its node: the last one before it that has the anchor. */
function resolveAliases(yaml: typeof import("yaml"), document: Document.Parsed): Map<unknown, ParsedNode> {
  const anchors = new Map<string, ParsedNode>();
  const targets = new Map<unknown, ParsedNode>();
  yaml.visit(document as Document, {
    Alias(_, alias: Alias) {
      const target = anchors.get(alias.source);
      if (target !== undefined) targets.set(alias, target);
    },
    Value(_, node) {
      if (node.anchor !== undefined) anchors.set(node.anchor, node as ParsedNode);
    },
  });
  return targets;
}

function syntaxError({ code, pos }: YAMLError, lines: LineCounter): Error {
  const { line, col } = lines.linePos(pos[0]);
  return new Error(`${errorMessages[code] ?? "this is not valid YAML"} (line ${line}, column ${col})`);
}

function errorAt(node: ParsedNode, lines: LineCounter, message: string): Error {
  return new Error(`${message} (line ${lines.linePos(node.range[0]).line})`);
}
