import { defineConfig } from "vitest/config";

// The tests of pure code, and those that speak to a scripted Azure DevOps: no process, no bundle.
export default defineConfig({
  test: {
    include: ["__tests__/{core,lib,render,inputs,app,azure-devops,http}/**/*.test.ts"],
  },
});
