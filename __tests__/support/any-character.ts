import fc from "fast-check";

const firstSurrogate = 0xd800;
const surrogates = 0x800;

/** Any character. For its own, `unit: "binary"`, fast-check makes a table of a million: almost a second for each worker. */
export const anyCharacter = fc.nat(0x10_ffff - surrogates).map(
  (index) => String.fromCodePoint(index < firstSurrogate ? index : index + surrogates),
  // With an inverse, fast-check also tries the names of built-in properties.
  (text) => {
    if (typeof text !== "string" || [...text].length !== 1 || !text.isWellFormed())
      throw new Error("not a character");
    const codePoint = text.codePointAt(0) ?? 0;
    return codePoint < firstSurrogate ? codePoint : codePoint - surrogates;
  },
);
