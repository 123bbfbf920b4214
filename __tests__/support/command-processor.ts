import { fold } from "./caseless.ts";
import { commandHandlers } from "./command-handlers.ts";
import { parseCommand, registeredCommands } from "./commands.ts";
import type { Masker } from "./masker.ts";
import type { StepLog } from "./step-log.ts";
import type { StepState } from "./step-state.ts";

/** What the commands of one step's output work on. */
export interface Step {
  readonly log: StepLog;
  readonly masker: Masker;
  readonly kept: StepState;
  readonly workspace: string;
}

/**
 * Takes the lines of one step's output, stdout and stderr alike: obeys commands, logs the rest.
 * The semantics of actions/runner's ActionCommandManager.
 */
export function commandProcessor(step: Step): (line: string) => void {
  const handlers = commandHandlers(step);
  let stopToken: string | undefined;

  const stop = (line: string, token: string): void => {
    if (!isStopToken(token)) {
      // The runner throws here, outside the guard around the other commands: the step is lost.
      step.log.issue("error", badStopToken);
      step.kept.failed = true;
      return;
    }
    stopToken = token;
    if (token.length > 6) step.masker.add(token);
    step.log.output(line);
  };

  return (line) => {
    const waiting = stopToken === undefined ? [] : [stopToken];
    const command = parseCommand(line, [...registeredCommands, ...waiting]);
    if (command === undefined) {
      step.log.output(line);
    } else if (stopToken !== undefined) {
      if (fold(command.command) === fold(stopToken)) stopToken = undefined;
      step.log.output(line);
    } else if (fold(command.command) === fold("stop-commands")) {
      stop(line, command.data);
    } else {
      handlers.obey(line, command);
    }
  };
}

function isStopToken(token: string): boolean {
  const taken = [...registeredCommands, "pause-logging", ""];
  return !taken.some((name) => fold(name) === fold(token));
}

const badStopToken =
  "You cannot use a endToken that is an empty string, the string 'pause-logging', or another workflow command.";
