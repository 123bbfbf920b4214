import { readFileSync } from "node:fs";
import { isAbsolute, relative, resolve } from "node:path";
import { fold } from "./caseless.ts";
import type { Step } from "./command-processor.ts";
import type { Command } from "./commands.ts";
import type { Annotation, Level } from "./step-log.ts";

interface Handler {
  /** Never echoed, whatever `::echo::` says. */
  readonly quiet?: boolean;
  run(command: Command): void;
}

interface Echo {
  on: boolean;
}

/** What each command does. One that cannot be processed fails the step, as in the runner. */
export function commandHandlers(step: Step): { obey(line: string, command: Command): void } {
  const echo: Echo = { on: false };
  const handlers: Record<string, Handler> = {
    ...logHandlers(step, echo),
    ...valueHandlers(step, echo),
    ...matcherHandlers(step),
    ...issueHandlers(step),
  };
  return {
    obey: (line, command) => {
      const name = command.command.toLowerCase();
      const handler = handlers[name];
      if (handler === undefined) throw new Error(`the test runner has no handler for ::${name}::`);
      if (echo.on && !handler.quiet) step.log.output(line);
      try {
        handler.run(command);
      } catch (error) {
        step.log.issue("error", `Unable to process command '${handler.quiet ? name : line}' successfully.`);
        step.log.issue("error", error instanceof Error ? error.message : String(error));
        step.kept.failed = true;
      }
    },
  };
}

function logHandlers({ log }: Step, echo: Echo): Record<string, Handler> {
  return {
    group: { run: ({ data }) => log.output(`##[group]${data}`) },
    endgroup: { run: () => log.output("##[endgroup]") },
    debug: { quiet: true, run: ({ data }) => log.debug(data) },
    echo: {
      run: ({ data }) => {
        const value = data.trim().toLowerCase();
        if (value !== "on" && value !== "off") throw new Error(`Invalid echo command value: '${data}'.`);
        echo.on = value === "on";
      },
    },
  };
}

function valueHandlers({ log, masker, kept }: Step, echo: Echo): Record<string, Handler> {
  const warn = (command: Command): void =>
    log.issue("warning", `The \`${command.command}\` command is deprecated and will be disabled soon.`);
  return {
    "add-mask": {
      quiet: true,
      run: ({ data }) => {
        if (data.trim() === "") return log.issue("warning", "Can't add secret mask for empty string.");
        if (echo.on) log.output("::add-mask::***");
        masker.add(data);
        kept.masks.push(data);
      },
    },
    "set-output": {
      run: (command) => {
        warn(command);
        kept.outputs.set(nameOf(command), command.data);
      },
    },
    "save-state": {
      run: (command) => {
        warn(command);
        kept.state.set(nameOf(command), command.data);
      },
    },
    "set-env": { run: disabled },
    "add-path": { run: disabled },
  };
}

/** Matchers are only noted, not applied: no line of ours is meant to depend on one. */
function matcherHandlers({ log, kept, workspace }: Step): Record<string, Handler> {
  return {
    "add-matcher": {
      run: ({ data }) => {
        if (data === "") return log.issue("warning", "File path must be specified.");
        kept.matchers.push(...ownersIn(resolve(workspace, data)));
      },
    },
    "remove-matcher": {
      run: (command) => {
        const owner = property(command, "owner");
        if ((owner === undefined) === (command.data === "")) {
          return log.issue("warning", "Either an owner name or a file path must be specified.");
        }
        const gone = owner === undefined ? ownersIn(resolve(workspace, command.data)) : [owner];
        kept.matchers.splice(0, Infinity, ...kept.matchers.filter((known) => !gone.includes(known)));
      },
    },
  };
}

function issueHandlers({ log, workspace }: Step): Record<string, Handler> {
  const levels: readonly Level[] = ["error", "warning", "notice"];
  return Object.fromEntries(
    levels.map((level) => [
      level,
      { quiet: true, run: (command: Command) => log.issue(level, command.data, placeOf(command, workspace)) },
    ]),
  );
}

function placeOf(command: Command, workspace: string): Omit<Annotation, "level" | "message"> {
  const [title, file] = [property(command, "title"), property(command, "file")];
  const end = wholeNumber(property(command, "endLine"));
  const start = wholeNumber(property(command, "line")) ?? end;
  const line = start !== undefined && end !== undefined && end < start ? undefined : start;
  const within = file === undefined ? "" : relative(workspace, file);
  const inside = file !== undefined && isAbsolute(file) && !within.startsWith("..");
  return {
    ...(title !== undefined && { title }),
    ...(file !== undefined && { file: inside ? within.replaceAll("\\", "/") : file }),
    ...(line !== undefined && { line }),
  };
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : undefined;
}

function property(command: Command, name: string): string | undefined {
  return Object.entries(command.properties).find(([key]) => fold(key) === fold(name))?.[1];
}

function nameOf(command: Command): string {
  const name = property(command, "name");
  if (name === undefined)
    throw new Error(`Required field 'name' is missing in ##[${command.command}] command.`);
  return name;
}

function disabled({ command }: Command): never {
  throw new Error(`The \`${command}\` command is disabled.`);
}

function ownersIn(file: string): string[] {
  const { problemMatcher } = JSON.parse(readFileSync(file, "utf8")) as {
    problemMatcher: { owner: string }[];
  };
  return problemMatcher.map(({ owner }) => owner);
}
