import { Command, CommanderError, Option } from "commander";
import { GamedayError, UsageError } from "../harness/errors.ts";
import { scenarioNames } from "../scenarios/index.ts";
import type { ConfigSources } from "./config.ts";
import type { ScanFlags } from "./scan.ts";
import type { SweepFlags } from "./sweep.ts";

/** The `gameday` command. Each subcommand is a module of its own, loaded when it is asked for. */
const program = new Command("gameday")
  .description("Lose a region, run the real failover, and get a verdict one can believe.")
  .showSuggestionAfterError()
  .showHelpAfterError()
  .exitOverride();

const withSettings = (command: Command): Command =>
  command
    .option("-c, --config <file>", "configuration file (default: gameday.config.ts, when there is one)")
    .option("--seed <text>", "the same seed gives the same plan")
    .option("--deployments <n>", "deployments of the platform")
    .option("--tasks <n>", "tasks alive at once, over all deployments")
    .option("--time-scale <n>", "modelled delays are divided by this")
    .addOption(new Option("--engine <name>", "what makes the load").choices(["auto", "k6", "builtin"]))
    .option("--plant <defect...>", "defects to plant on purpose, for example promotionNeverEnds")
    .option("--set <key=value...>", "any key of the configuration, for example lab.link.latencyMs=200");

withSettings(program.command("run").description("run a game day on the embedded lab"))
  .argument("[scenario]", `one of: ${scenarioNames.join(", ")}`)
  .option("--out-dir <directory>", "where runs put their files")
  .action(async (scenario: string | undefined, flags: Flags) => {
    const { run } = await import("./run.ts");
    process.exitCode = await run(sources(flags, scenario));
  });

withSettings(
  program.command("plan").description("say what a run would break, for how long and what undoes it; inject nothing"),
)
  .argument("[scenario]", `one of: ${scenarioNames.join(", ")}`)
  .option("--json", "one JSON document")
  .action(async (scenario: string | undefined, flags: Flags & { json?: boolean }) => {
    const { plan } = await import("./plan.ts");
    process.exitCode = await plan(sources(flags, scenario), flags.json === true);
  });

withSettings(
  program
    .command("sweep")
    .description("fail one service in one region at a time while everything else is well, and fail over each time"),
)
  .option(
    "--run <directory>",
    "a run whose recorders say what a failover leans on; without it, all that the lab can fail",
  )
  .option("--edge <service@region...>", "these edges, for example rds@us-west-2; with --run, these too")
  .option("--resume <directory>", "go on with a sweep that ended early")
  .addOption(
    new Option("--how <way>", "how an edge fails").choices(["silent", "slow", "error", "throttle", "unavailable"]),
  )
  .option("--within <seconds>", "a failover that takes longer breaks; in lab seconds (default: 45)")
  .option("--baselines <n>", "failovers with every edge well, to compare with (default: 3)")
  .option("--out-dir <directory>", "where sweeps put their files")
  .action(async (flags: Flags & SweepFlags) => {
    const { runSweep } = await import("./sweep.ts");
    // A failover moves a cluster, not a deployment: few of them will do, and quick ones.
    const small = { deployments: "4", timeScale: "100", ...flags };
    process.exitCode = await runSweep(sources(small, undefined), flags);
  });

program
  .command("report")
  .description("judge a recorded run again and render its reports again")
  .argument("<directory>", "the directory of a run")
  .action(async (directory: string) => {
    const { report } = await import("./report.ts");
    process.exitCode = await report(directory);
  });

program
  .command("scan")
  .description("find what in code, manifests and configuration points at one region")
  .argument("[paths...]", "files and folders; those of the configuration, else this folder, when left away")
  .option(
    "-r, --region <name>",
    "the region whose loss is asked about, more than once for several; any region when left away",
    (name, before: readonly string[] = []) => [...before, name],
  )
  .option("-c, --config <file>", "the scan's configuration (default: gameday.scan.json, when there is one)")
  .option("--sarif <file>", "write the findings as SARIF 2.1.0")
  .option("--run <directory>", "compare them with what was seen in that run, and show both in its report")
  .action(async (paths: readonly string[], flags: ScanFlags) => {
    const { scanFiles } = await import("./scan.ts");
    process.exitCode = await scanFiles(paths, flags);
  });

program
  .command("export")
  .description("write the history of a recorded run in another format")
  .argument("<directory>", "the directory of a run")
  .addOption(new Option("--format <name>", "edn: what Jepsen, Knossos and Elle read").choices(["edn"]).default("edn"))
  .option("--out <file>", "where to (default: history.edn in the directory)")
  .action(async (directory: string, flags: { out?: string }) => {
    const { exportHistory } = await import("./export.ts");
    process.exitCode = await exportHistory(directory, flags);
  });

program
  .command("doctor")
  .description("say what this machine has and lacks for a game day")
  .action(async () => {
    const { doctor } = await import("./doctor.ts");
    process.exitCode = await doctor();
  });

program
  .command("heal")
  .description("end labs of this machine, healing what they broke: for use after a crash")
  .argument("[lab...]", "ids of labs; all of them when left away")
  .action(async (ids: readonly string[]) => {
    const { heal } = await import("./heal.ts");
    process.exitCode = await heal(ids);
  });

const lab = program.command("lab").description("the embedded two-region lab");
withSettings(lab.command("up").description("keep a lab running and print its endpoints, until Ctrl-C")).action(
  async (flags: Flags) => {
    const { labUp } = await import("./lab-up.ts");
    process.exitCode = await labUp(sources(flags, undefined));
  },
);

interface Flags {
  readonly config?: string;
  readonly seed?: string;
  readonly deployments?: string;
  readonly tasks?: string;
  readonly timeScale?: string;
  readonly engine?: string;
  readonly outDir?: string;
  readonly plant?: readonly string[];
  readonly set?: readonly string[];
}

function sources(flags: Flags, scenario: string | undefined): ConfigSources {
  const given: [string, string | undefined, string][] = [
    ["scenario", scenario, "the scenario argument"],
    ["seed", flags.seed, "--seed"],
    ["outDir", flags.outDir, "--out-dir"],
    ["lab.deployments", flags.deployments, "--deployments"],
    ["lab.tasks", flags.tasks, "--tasks"],
    ["lab.timeScale", flags.timeScale, "--time-scale"],
    ["play.engine", flags.engine, "--engine"],
    ...(flags.plant ?? []).map((defect): [string, string, string] => [`lab.plant.${defect}`, "true", "--plant"]),
    ...(flags.set ?? []).map((pair): [string, string, string] => {
      const at = pair.indexOf("=");
      if (at < 0) throw new UsageError(`--set ${pair}: a setting is key=value, for example lab.link.latencyMs=200`);
      return [pair.slice(0, at), pair.slice(at + 1), "--set"];
    }),
  ];
  return {
    file: flags.config,
    settings: given.flatMap(([key, value, source]) => (value === undefined ? [] : [[key, value, source] as const])),
  };
}

// A crash must not leave with 1, which says that an objective was missed.
process.on("uncaughtException", (error) => {
  // Whoever read the output has gone away (`gameday run | head`): the run goes on, and its report is written.
  if ("code" in error && error.code === "EPIPE") return;
  console.error("gameday: a defect of its own; please report it with what follows", error);
  process.exit(4);
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if (error instanceof GamedayError) {
    console.error(`gameday: ${error.message}${error.hint === undefined ? "" : `\n  way out: ${error.hint}`}`);
    process.exitCode = error.exitCode;
  } else {
    console.error("gameday: a defect of its own; please report it with what follows", error);
    process.exitCode = 4;
  }
}
