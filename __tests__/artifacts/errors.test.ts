import { expect, it } from "vitest";
import { diskError } from "../../src/artifacts/errors.ts";

it("diskError ends its message with one full stop, even if the library's message has one", () => {
  expect(diskError("drop", new Error("End of central directory record signature not found."))).toMatchObject({
    message: 'Artifact "drop" was refused: End of central directory record signature not found.',
  });
});

it("diskError for a path that is too long has a hint about a shorter one", () => {
  const error = Object.assign(new Error("ENAMETOOLONG: name too long"), {
    code: "ENAMETOOLONG",
    syscall: "open",
  });
  expect(diskError("drop", error)).toMatchObject({
    code: "bad-input",
    message: 'Artifact "drop" contains a path that is too long for this runner\'s disk.',
    hint: expect.stringContaining("shorter"),
  });
});

it.each([
  ["EEXIST", "mkdir", /a file is in the way/],
  ["ENOTDIR", "mkdir", /a file is in the way/],
  ["EEXIST", "link", /Another step wrote/],
])("diskError for %s of %s matches %s", (code, syscall, message) => {
  const error = Object.assign(new Error(code), { code, syscall });
  expect(diskError("drop", error)).toMatchObject({
    code: "bad-input",
    message: expect.stringMatching(message),
  });
});
