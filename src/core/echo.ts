const genericMessages = [
  /\bexited with (?:exit )?code:? '?-?\d+'?\.?$/i,
  /\b(?:failed|completed) with (?:an? )?(?:non-?zero )?(?:exit|return) ?code:?(?: '?-?\d+'?)?/i,
  /\breturned (?:an? )?(?:non-?zero )?exit code:? ?'?-?\d*'?/i,
  /\b(?:wrote|has written) (?:one or more lines )?to the standard error stream/i,
  /^(?:error: )?(?:the )?(?:task|job|step|stage|script|build|command) (?:has )?failed\.?$/i,
];

/** Says that something failed, not why: what tasks add after the real error. */
export function isGenericMessage(message: string): boolean {
  return genericMessages.some((pattern) => pattern.test(message.trim()));
}

/** The number in `Bash exited with code '22'.` */
export function exitCodeIn(message: string): number | undefined {
  const code = /(?:exit|return|exited with) ?code:? '?(-?\d+)'?/i.exec(message)?.[1];
  return code === undefined ? undefined : Number(code);
}
