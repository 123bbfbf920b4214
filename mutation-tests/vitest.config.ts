import { defineConfig } from "vitest/config";

// The tests of pure code, and those that speak to a scripted Azure DevOps: no process, no bundle.
// Five hundred waits at once take seconds, and notice nothing that the tests of one do not.
export default defineConfig({
  test: {
    include: [
      "__tests__/{core,render,inputs,app,azure}/**/*.test.ts",
      "__tests__/sign-in/sign-in-way.test.ts",
    ],
    exclude: ["**/crowd.test.ts"],
  },
});
