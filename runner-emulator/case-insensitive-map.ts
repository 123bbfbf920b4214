/** A string map as the runner keeps them: names compare without case, and keep the spelling they came with first. */
export interface CaseInsensitiveMap {
  set(name: string, value: string): void;
  get(name: string): string | undefined;
  toObject(): Record<string, string>;
}

export function createCaseInsensitiveMap(): CaseInsensitiveMap {
  const entries = new Map<string, { name: string; value: string }>();
  return {
    set: (name, value) => {
      const known = entries.get(foldCase(name));
      entries.set(foldCase(name), { name: known?.name ?? name, value });
    },
    get: (name) => entries.get(foldCase(name))?.value,
    toObject: () => Object.fromEntries([...entries.values()].map(({ name, value }) => [name, value])),
  };
}

/** .NET's OrdinalIgnoreCase: one character to one character, and nothing foreign becomes ASCII (`ı`, `ſ`). */
export function foldCase(text: string): string {
  return text.replace(/[^A-Z]/g, (char) => {
    const upper = char.toUpperCase();
    const becomesAscii = char.charCodeAt(0) > 0x7f && upper.charCodeAt(0) <= 0x7f;
    return upper.length === 1 && !becomesAscii ? upper : char;
  });
}
