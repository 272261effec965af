import { defineConfig } from "vitest/config";

export default defineConfig({
  cacheDir: ".cache/vite",
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/fixtures/global-setup.ts",
    pool: "forks",
    maxWorkers: 2,
    // One database a worker, opened once: files share the worker, and each test takes a workspace of its own.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
