import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Small and slow: where nothing is known of earlier runs, their size would put them last, and one worker would wait for the other. */
const SLOW = [
  "e2e/cli",
  "slack-chaos",
  "slack-conversations",
  "slack-replicas",
  "e2e/playground",
  "playbook-swap",
  "playbook-kill",
  "e2e/playbook-commands",
];

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification) => {
      const at = SLOW.findIndex((each) => moduleId.endsWith(`${each}.test.ts`));
      return at === -1 ? SLOW.length : at;
    };
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
  }
}

export default defineConfig({
  cacheDir: ".cache/vite",
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/fixtures/global-setup.ts",
    pool: "forks",
    maxWorkers: 2,
    // One database a worker, opened once: files share the worker, and each test takes a workspace of its own.
    isolate: false,
    sequence: { sequencer: SlowFirst },
    // No test is about how long something takes: these end what hangs, on a machine that is ten times slower too.
    testTimeout: 300_000,
    hookTimeout: 600_000, // one of them makes up the sample company
    expect: { poll: { timeout: 60_000, interval: 20 } },
  },
});
