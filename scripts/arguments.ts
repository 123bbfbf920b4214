import { resolve } from "node:path";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { nearMatches } from "../src/lib/text.ts";
import { staleBundleMessage } from "./build/source-hash.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** The values of a script's options. `--help` prints the usage, a mistake prints one sentence; both end the process. */
export function parseArguments<T extends Options>(usage: string, options: T, args = process.argv.slice(2)) {
  beginScript(usage, args);
  try {
    return readArguments(usage, options, args);
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

/** `--help` prints the usage and ends the process. Later, a closed pipe ends it without a stack trace. */
export function beginScript(usage: string, args: readonly string[]): void {
  endWithReader();
  if (!args.includes("--help") && !args.includes("-h")) return;
  console.log(usage.trim());
  process.exit(0);
}

/** The values of the options. Throws an error of one sentence for a mistake. */
export function readArguments<T extends Options>(usage: string, options: T, args: readonly string[]) {
  try {
    return parseArgs<{ args: string[]; options: T }>({ args: joinDashedValues(args), options }).values;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(`${mistake({ code, message }, Object.keys(options))} ${helpHint(usage)}`);
  }
}

/** `parseArgs` rejects a separate value that begins with a dash, such as PEM text or a YAML list. */
function joinDashedValues(args: readonly string[]): string[] {
  return args.reduce<string[]>((joined, arg) => {
    const option = joined.at(-1);
    const isValue = arg !== "--" && /^-(?!-?[a-z])/i.test(arg);
    if (isValue && option !== undefined && /^--[a-z-]+$/.test(option))
      joined.splice(-1, 1, `${option}=${arg}`);
    else joined.push(arg);
    return joined;
  }, []);
}

/** `args` with the value `true` for each of these options that is given without a value. */
export function withImpliedTrue(args: readonly string[], names: readonly string[]): string[] {
  return args.map((arg, index) => {
    const isBare = names.some((name) => arg === `--${name}`) && (args[index + 1] ?? "--").startsWith("--");
    return isBare ? `${arg}=true` : arg;
  });
}

interface NumberRange {
  readonly min: number;
  readonly max: number;
  readonly isWhole?: boolean;
}

/** The number in the text of an option. A mistake ends the process. */
export function numberOption(name: string, text: string, { min, max, isWhole = true }: NumberRange): number {
  const value = Number(text);
  const isValid = text.trim() !== "" && value >= min && value <= max && (!isWhole || Number.isInteger(value));
  return isValid
    ? value
    : fail(`--${name} ${text} is not a ${isWhole ? "whole " : ""}number from ${min} to ${max}.`);
}

/** Ends the process with this sentence as its last line. */
export function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

/** Ctrl+C ends the process as if the script exited, so that temporary folders are removed. */
export function exitOnInterrupt(): void {
  process.once("SIGINT", () => process.exit(130));
}

/** Ends the process unless `dist` was built from the current sources. */
export function requireCurrentBundle(): void {
  const message = staleBundleMessage(resolve(import.meta.dirname, ".."));
  if (message !== undefined) fail(message);
}

function mistake(
  { code, message }: Pick<NodeJS.ErrnoException, "code" | "message">,
  names: readonly string[],
) {
  if (code === "ERR_PARSE_ARGS_INVALID_OPTION_VALUE") {
    const option = /--[a-z-]+/.exec(message)?.[0];
    return `The option ${option} ${message.includes("does not take") ? "takes no" : "needs a"} value.`;
  }
  const unknown = /^Unknown option '(-[^']*)'/.exec(message)?.[1];
  if (unknown === undefined) return `${message.split(/\. |\n/)[0]?.replace(/\.$/, "")}.`;
  const candidates = names.map((name) => ({ folder: "", name }));
  const query = { folder: undefined, name: unknown.replace(/^-+/, "") };
  const nearest = nearMatches(query, candidates)[0];
  return `Unknown option '${unknown}'${nearest === undefined ? "." : `: did you mean --${nearest.name}?`}`;
}

/** `usage` begins with the command, which ends before ` -- ` or two spaces. */
function helpHint(usage: string): string {
  const [command = ""] = usage.split(/ -- | {2}|\n/);
  return `See \`${command}${command.startsWith("npm") ? " --" : ""} --help\`.`;
}

/** A reader that closes the pipe early, such as `head`, ends the script without a stack trace. */
function endWithReader(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  }
}
