import { isAbsolute, relative, resolve } from "node:path";
import { foldCase } from "./case-insensitive-map.ts";
import type { Command } from "./commands.ts";
import type { Masker } from "./masker.ts";
import { type ProblemMatchers, readMatchers } from "./problem-matchers.ts";
import type { StepEffects } from "./step-effects.ts";
import type { Annotation, Level, StepLog } from "./step-log.ts";

/** What the commands of one step's output work on. */
export interface StepContext {
  readonly log: StepLog;
  readonly masker: Masker;
  readonly effects: StepEffects;
  /** The job's: those that earlier steps added apply too. */
  readonly matchers: ProblemMatchers;
  readonly workspace: string;
}

interface Handler {
  /** Never echoed, also after `::echo::on`. */
  readonly omitEcho?: boolean;
  run(command: Command): void;
}

interface Echo {
  on: boolean;
}

/** What each command does. One that cannot be processed fails the step, as in the runner. */
export function createCommandHandlers(step: StepContext): { execute(line: string, command: Command): void } {
  const echo: Echo = { on: false };
  const handlers: Record<string, Handler> = {
    ...logHandlers(step, echo),
    ...valueHandlers(step, echo),
    ...matcherHandlers(step),
    ...issueHandlers(step),
  };
  return {
    execute: (line, command) => {
      const name = command.command.toLowerCase();
      const handler = handlers[name];
      if (handler === undefined) throw new Error(`the runner emulator has no handler for ::${name}::`);
      if (echo.on && !handler.omitEcho) step.log.output(line);
      try {
        handler.run(command);
      } catch (error) {
        step.log.issue(
          "error",
          `Unable to process command '${handler.omitEcho ? name : line}' successfully.`,
        );
        step.log.issue("error", error instanceof Error ? error.message : String(error));
        step.effects.failed = true;
      }
    },
  };
}

function logHandlers({ log }: StepContext, echo: Echo): Record<string, Handler> {
  return {
    group: { run: ({ data }) => log.output(`##[group]${data}`) },
    endgroup: { run: () => log.output("##[endgroup]") },
    debug: { omitEcho: true, run: ({ data }) => log.debug(data) },
    echo: {
      run: ({ data }) => {
        const value = data.trim().toLowerCase();
        if (value !== "on" && value !== "off") throw new Error(`Invalid echo command value: '${data}'.`);
        echo.on = value === "on";
      },
    },
  };
}

function valueHandlers({ log, masker, effects }: StepContext, echo: Echo): Record<string, Handler> {
  return {
    "add-mask": {
      omitEcho: true,
      run: ({ data }) => {
        if (data.trim() === "") return log.issue("warning", "Can't add secret mask for empty string.");
        if (echo.on) log.output("::add-mask::***");
        masker.add(data);
        effects.masks.push(data);
      },
    },
    "set-output": {
      run: (command) => effects.outputs.set(requireName(command), command.data),
    },
    "save-state": {
      run: (command) => effects.state.set(requireName(command), command.data),
    },
    "set-env": { run: rejectDisabled },
    "add-path": { run: rejectDisabled },
  };
}

function matcherHandlers({ log, matchers, workspace }: StepContext): Record<string, Handler> {
  return {
    "add-matcher": {
      run: ({ data }) => {
        if (data === "") return log.issue("warning", "File path must be specified.");
        matchers.add(readMatchers(resolve(workspace, data)));
      },
    },
    "remove-matcher": {
      run: (command) => {
        const owner = findProperty(command, "owner");
        if ((owner === undefined) === (command.data === "")) {
          return log.issue("warning", "Either an owner name or a file path must be specified.");
        }
        matchers.remove(
          owner === undefined
            ? readMatchers(resolve(workspace, command.data)).map((matcher) => matcher.owner)
            : [owner],
        );
      },
    },
  };
}

function issueHandlers({ log, workspace }: StepContext): Record<string, Handler> {
  const levels: readonly Level[] = ["error", "warning", "notice"];
  return Object.fromEntries(
    levels.map((level) => [
      level,
      {
        omitEcho: true,
        run: (command: Command) => log.issue(level, command.data, annotationLocation(command, workspace)),
      },
    ]),
  );
}

function annotationLocation(command: Command, workspace: string): Omit<Annotation, "level" | "message"> {
  const [title, file] = [findProperty(command, "title"), findProperty(command, "file")];
  const end = parseInteger(findProperty(command, "endLine"));
  const start = parseInteger(findProperty(command, "line")) ?? end;
  const line = start !== undefined && end !== undefined && end < start ? undefined : start;
  const relativePath = file === undefined ? "" : relative(workspace, file);
  const isInWorkspace = file !== undefined && isAbsolute(file) && !relativePath.startsWith("..");
  return {
    ...(title !== undefined && { title }),
    ...(file !== undefined && { file: isInWorkspace ? relativePath.replaceAll("\\", "/") : file }),
    ...(line !== undefined && { line }),
  };
}

function parseInteger(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : undefined;
}

function findProperty(command: Command, name: string): string | undefined {
  return Object.entries(command.properties).find(([key]) => foldCase(key) === foldCase(name))?.[1];
}

function requireName(command: Command): string {
  const name = findProperty(command, "name");
  if (name === undefined)
    throw new Error(`Required field 'name' is missing in ##[${command.command}] command.`);
  return name;
}

function rejectDisabled({ command }: Command): never {
  throw new Error(`The \`${command}\` command is disabled.`);
}
