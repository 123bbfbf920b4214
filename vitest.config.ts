import { defineConfig } from "vitest/config";

// Real processes and real sockets: a test that hangs has to end by itself, and long before CI does.
export default defineConfig({
  test: {
    include: ["__tests__/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
