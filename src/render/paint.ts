/** Colour for what has to be found when scrolling, and for nothing else. Host and viewer pass SGR codes. */
export const red = (text: string) => `\u001B[31m${text}\u001B[0m`;
export const yellow = (text: string) => `\u001B[33m${text}\u001B[0m`;
