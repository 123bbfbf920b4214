import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ActionResult, type RunOptions, runAction } from "../../runner-emulator/runner.ts";
import { temporaryFolder } from "../../runner-emulator/temporary-folder.ts";

interface FakeAction {
  readonly main: string;
  readonly post?: string;
  readonly postIf?: string;
  /** The inputs as in action.yml, indented by two. */
  readonly inputs?: string;
}

/** Writes a small action and returns its folder. */
export function createFakeAction({ main, post, postIf, inputs = "{}" }: FakeAction): string {
  const folder = join(temporaryFolder(), "action");
  mkdirSync(folder);
  const document = [
    "name: fake",
    inputs === "{}" ? "inputs: {}" : `inputs:\n${inputs}`,
    "runs:",
    "  using: node24",
    "  main: main.mjs",
    ...(post === undefined ? [] : ["  post: post.mjs"]),
    ...(postIf === undefined ? [] : [`  post-if: ${postIf}`]),
  ];
  writeFileSync(join(folder, "action.yml"), document.join("\n"));
  writeFileSync(join(folder, "main.mjs"), `${prelude}\n${main}`);
  writeFileSync(join(folder, "post.mjs"), `${prelude}\n${post ?? ""}`);
  return folder;
}

export function runFakeAction(
  action: FakeAction,
  options: RunOptions = {},
  inputs: Record<string, string> = {},
): Promise<ActionResult> {
  return runAction(inputs, { action: createFakeAction(action), ...options });
}

/** Helpers for the scripts: `append("OUTPUT", "a=b\n")`, `stay()`, `say(line)`. */
const prelude = `
import { appendFileSync } from "node:fs";
const { env } = process;
const append = (kind, text) => appendFileSync(env["GITHUB_" + kind], text);
const stay = () => setInterval(() => {}, 1000);
const say = (...lines) => process.stdout.write(lines.join("\\n") + "\\n");
`;
