import { expect, it } from "vitest";
import { diskError } from "../../src/artifacts/errors.ts";

it("ends its sentence once, whatever a library's own words end with", () => {
  expect(diskError("drop", new Error("End of central directory record signature not found."))).toMatchObject({
    message: 'Artifact "drop" was refused: End of central directory record signature not found.',
  });
});

it("says what is too long, and what helps", () => {
  const error = Object.assign(new Error("ENAMETOOLONG: name too long"), {
    code: "ENAMETOOLONG",
    syscall: "open",
  });
  expect(diskError("drop", error)).toMatchObject({
    code: "bad-input",
    message: 'Artifact "drop" holds a path that is too long for this runner\'s disk.',
    hint: expect.stringContaining("shorter"),
  });
});
