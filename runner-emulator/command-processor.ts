import { foldCase } from "./case-insensitive-map.ts";
import { createCommandHandlers } from "./command-handlers.ts";
import { parseCommand, registeredCommands } from "./commands.ts";
import type { Masker } from "./masker.ts";
import type { StepEffects } from "./step-effects.ts";
import type { StepLog } from "./step-log.ts";

/** What the commands of one step's output work on. */
export interface StepContext {
  readonly log: StepLog;
  readonly masker: Masker;
  readonly effects: StepEffects;
  readonly workspace: string;
}

/**
 * Takes the lines of one step's output, stdout and stderr alike: obeys commands, logs the rest.
 * The semantics of actions/runner's ActionCommandManager.
 */
export function createCommandProcessor(step: StepContext): (line: string) => void {
  const handlers = createCommandHandlers(step);
  let stopToken: string | undefined;

  const stopCommands = (line: string, token: string): void => {
    if (!isValidStopToken(token)) {
      // The runner throws here, outside the guard around the other commands: the step is lost.
      step.log.issue("error", invalidStopTokenMessage);
      step.effects.failed = true;
      return;
    }
    stopToken = token;
    if (token.length > 6) step.masker.add(token);
    step.log.output(line);
  };

  return (line) => {
    const stopTokens = stopToken === undefined ? [] : [stopToken];
    const command = parseCommand(line, [...registeredCommands, ...stopTokens]);
    if (command === undefined) {
      step.log.output(line);
    } else if (stopToken !== undefined) {
      if (foldCase(command.command) === foldCase(stopToken)) stopToken = undefined;
      step.log.output(line);
    } else if (foldCase(command.command) === foldCase("stop-commands")) {
      stopCommands(line, command.data);
    } else {
      handlers.execute(line, command);
    }
  };
}

function isValidStopToken(token: string): boolean {
  const reserved = [...registeredCommands, "pause-logging", ""];
  return !reserved.some((name) => foldCase(name) === foldCase(token));
}

const invalidStopTokenMessage =
  "You cannot use a endToken that is an empty string, the string 'pause-logging', or another workflow command.";
