import { access } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { labConfig } from "../fixtures/lab/config.ts";
import { UsageError } from "../harness/errors.ts";
import { type PlayOptions, playOptions, scenarioNames } from "../scenarios/index.ts";

/** What `gameday.config.ts` may say. Flags win over environment variables, and those over this file. */
export const gamedayConfig = z.strictObject({
  scenario: z.enum(scenarioNames).default("lose-primary-region"),
  /** Where runs put their files, each in a directory of its own. */
  outDir: z.string().min(1).default("game-days"),
  /** The same seed gives the same plan; without one each run draws its own and prints it. */
  seed: z.string().min(1).optional(),
  lab: labConfig,
  play: playOptions,
});
export type GamedayConfig = z.infer<typeof gamedayConfig>;
export type GamedayConfigInput = z.input<typeof gamedayConfig>;

/** Gives a config file its types; it changes nothing. */
export const defineConfig = (config: GamedayConfigInput): GamedayConfigInput => config;

export interface ConfigSources {
  readonly file?: string | undefined;
  /** Dotted keys as the config spells them, for example `lab.link.latencyMs`, with text values. */
  readonly settings: readonly (readonly [key: string, value: string, source: string])[];
}

/** Reads file, environment and flags into one checked configuration. Throws `UsageError` naming the source, the key, the value and the choices. */
export async function loadConfig(
  { file, settings }: ConfigSources,
  environment: NodeJS.ProcessEnv,
): Promise<GamedayConfig> {
  const path = resolve(file ?? "gameday.config.ts");
  const base = (await exists(path)) ? await importConfig(path) : file === undefined ? {} : missing(path);
  checkShape(base, () => path);
  const merged: Record<string, unknown> = structuredClone(base);
  const given = [...environmentSettings(environment), ...settings];
  for (const setting of given) put(merged, setting);
  // A text that looks like a number is one, except where a text is wanted: `--seed 7`, `--set lab.nodes.cpu=8`.
  for (const key of textsWanted(merged)) {
    const setting = given.findLast(([one]) => one === key);
    if (setting !== undefined) put(merged, setting, (text) => text);
  }
  return checkShape(merged, sourcesOf(given));
}

type Setting = ConfigSources["settings"][number];

const textsWanted = (config: unknown): string[] =>
  (gamedayConfig.safeParse(config).error?.issues ?? []).flatMap((issue) =>
    issue.code === "invalid_type" && issue.expected === "string" ? [issue.path.join(".")] : [],
  );

/** Where the value of a wrong key came from: the last setting that has to do with it. */
const sourcesOf =
  (given: readonly Setting[]) =>
  (key: string): string =>
    given.findLast(([one]) => one === key || one.startsWith(`${key}.`) || key.startsWith(`${one}.`))?.[2] ??
    "the settings";

function missing(path: string): never {
  throw new UsageError(`there is no configuration file ${path}`, {
    hint: "leave --config away to use gameday.config.ts or the defaults",
  });
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function importConfig(path: string): Promise<Record<string, unknown>> {
  const module: unknown = await import(pathToFileURL(path).href).catch((cause: unknown) => {
    throw new UsageError(`${path} could not be read: ${cause instanceof Error ? cause.message : String(cause)}`, {
      hint: "it must be a module: export default defineConfig({ … })",
      cause,
    });
  });
  const config = typeof module === "object" && module !== null && "default" in module ? module.default : undefined;
  if (typeof config !== "object" || config === null) {
    throw new UsageError(`${path} has no default export`, { hint: "export default defineConfig({ … })" });
  }
  return { ...config };
}

function checkShape(config: unknown, sourceOf: (key: string) => string): GamedayConfig {
  const checked = gamedayConfig.safeParse(config);
  if (checked.success) return checked.data;
  const lines = checked.error.issues.map((issue) => {
    const value = issue.path.reduce<unknown>(
      (at, key) => (at !== null && typeof at === "object" ? Reflect.get(at, key) : undefined),
      config,
    );
    const given = value === undefined || typeof value === "object" ? "" : ` (given: ${JSON.stringify(value)})`;
    if (issue.code === "unrecognized_keys") {
      const unknown = issue.keys.map((key) => [...issue.path, key].join("."));
      return `${sourceOf(unknown[0] ?? "")}: there is no key ${unknown.join(", ")}${choices(issue)}`;
    }
    const key = issue.path.join(".");
    return `${sourceOf(key)}: ${key || "the whole"}: ${issue.message}${given}`;
  });
  throw new UsageError(lines.join("; "), { hint: "docs/configuration.md lists every key" });
}

/** For an unknown key, the keys that there are. */
function choices(issue: z.core.$ZodIssueUnrecognizedKeys): string {
  const known = issue.path.reduce<unknown>(
    (at, key) => (at !== null && typeof at === "object" ? Reflect.get(at, key) : undefined),
    defaults(),
  );
  const prefix = issue.path.map((part) => `${String(part)}.`).join("");
  return known !== null && typeof known === "object"
    ? `; there are ${Object.keys(known)
        .map((key) => prefix + key)
        .join(", ")}`
    : "";
}

const defaults = (): unknown => ({ seed: "", ...gamedayConfig.parse({ lab: {}, play: {} }) });

/** `GAMEDAY_SET_lab__link__latencyMs=200` and the short forms below. */
function environmentSettings(environment: NodeJS.ProcessEnv): readonly (readonly [string, string, string])[] {
  const short: Record<string, string> = {
    GAMEDAY_SCENARIO: "scenario",
    GAMEDAY_SEED: "seed",
    GAMEDAY_OUT_DIR: "outDir",
    GAMEDAY_DEPLOYMENTS: "lab.deployments",
    GAMEDAY_TASKS: "lab.tasks",
    GAMEDAY_ENGINE: "play.engine",
    GAMEDAY_TIME_SCALE: "lab.timeScale",
  };
  return Object.entries(environment).flatMap(([name, value]) => {
    const key =
      short[name] ??
      (name.startsWith("GAMEDAY_SET_") ? name.slice("GAMEDAY_SET_".length).replaceAll("__", ".") : undefined);
    return key === undefined || value === undefined || value === ""
      ? []
      : [[key, value, `the environment variable ${name}`] as const];
  });
}

function put(config: Record<string, unknown>, [key, text, source]: Setting, read = parse): void {
  const parts = key.split(".");
  const last = parts.pop();
  if (key.includes("__proto__")) throw new UsageError(`${source}: "${key}" is not a key`);
  let at = config;
  for (const part of parts) {
    const next = at[part] ?? {};
    if (typeof next !== "object" || next === null)
      throw new UsageError(`${source}: ${key} is not a key that holds others`);
    at[part] = { ...next };
    at = Object(at[part]);
  }
  if (last === undefined || last === "") throw new UsageError(`${source}: "${key}" is not a key`);
  at[last] = read(text);
}

/** Numbers and booleans as such, all else as text. */
function parse(text: string): unknown {
  if (text === "true" || text === "false") return text === "true";
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
}

export type { PlayOptions };
