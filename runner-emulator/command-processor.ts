import { foldCase } from "./case-insensitive-map.ts";
import { createCommandHandlers, type StepContext } from "./command-handlers.ts";
import { parseCommand, registeredCommands } from "./commands.ts";
import { stripColours } from "./problem-matchers.ts";

/**
 * Takes the lines of one step's output, stdout and stderr alike: executes commands and logs all other lines.
 * The semantics of actions/runner's ActionCommandManager.
 */
export function createCommandProcessor(
  step: StepContext,
  /** Called when a command breaks the step: what follows in its output is not even logged. */
  endStep: () => void,
): (line: string) => void {
  const handlers = createCommandHandlers(step);
  let stopToken: string | undefined;
  let ended = false;

  const logText = (line: string): void => {
    const problem = step.matchers.match(stripColours(line));
    if (problem === undefined) {
      step.log.output(line);
      return;
    }
    const { level, message, file, line: lineNumber } = problem;
    const location = { ...(file && { file }), ...(lineNumber !== undefined && { line: lineNumber }) };
    step.log.issue(level, message, location, stripColours(line));
  };

  const stopCommands = (line: string, token: string): void => {
    if (!isValidStopToken(token)) {
      // The runner throws here, outside the guard around the other commands.
      ended = true;
      step.log.issue("error", invalidStopTokenMessage);
      step.effects.failed = true;
      endStep();
      return;
    }
    stopToken = token;
    if (token.length > 6) step.masker.add(token);
    step.log.output(line);
  };

  return (line) => {
    if (ended) return;
    const stopTokens = stopToken === undefined ? [] : [stopToken];
    const command = parseCommand(line, [...registeredCommands, ...stopTokens]);
    if (command === undefined) {
      logText(line);
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
