import { type ParseArgsConfig, parseArgs } from "node:util";

/** What a script was called with. `--help` prints how to call it, and a mistake says what it is; both end the process. */
export function parseArguments<T extends NonNullable<ParseArgsConfig["options"]>>(usage: string, options: T) {
  const args = process.argv.slice(2);
  if (args.includes("--help")) {
    console.log(usage.trim());
    process.exit(0);
  }
  try {
    return parseArgs<{ args: string[]; options: T }>({ args, options }).values;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\n\n${usage.trim()}`);
    process.exit(1);
  }
}
