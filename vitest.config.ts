import { defineConfig } from "vitest/config";

// Two projects: `unit` touches nothing outside its process, `lab` starts real processes on this machine.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["**/*.test.ts"],
          exclude: ["node_modules/**", ".cache/**", "**/*.lab.test.ts"],
          // The default of 1 s is short for a machine that does other work too.
          expect: { poll: { timeout: 4_000 } },
        },
      },
      {
        test: {
          name: "lab",
          include: ["**/*.lab.test.ts"],
          exclude: ["node_modules/**", ".cache/**"],
          // The longest day takes 90 s on an idle machine, and is played once more when it was late.
          testTimeout: 240_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
