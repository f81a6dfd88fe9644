import { z } from "zod";
import { awsAccess, controlPlaneAccess, milliseconds, placeSettings, readEnv } from "../settings.ts";

const shape = {
  ...placeSettings,
  ...awsAccess,
  ...controlPlaneAccess,
  TELEMETRY_ID: z.string().min(1),
  LOG_BUCKET: z.string().min(1),
  GLOBAL_CLUSTER: z.string().min(1),
  DATABASE_CLUSTER: z.string().min(1),
  NODE_CPU: z.string().default("16"),
  NODE_MEMORY: z.string().default("64Gi"),
  /** Names of the plugins that must be there, with a blank between them. */
  PLUGINS: z.string().default(""),
  /** Where the region's registry answers, when its name is not one that DNS knows. */
  REGISTRY_URL: z.url().optional(),
  CHECK_EVERY_MS: milliseconds(3_000),
  SCRAPE_EVERY_MS: milliseconds(15_000),
  SHIP_EVERY_MS: milliseconds(15_000),
  /** How far objects and the database may be behind. */
  OBJECTS_BEHIND_MS: milliseconds(300_000),
  DATABASE_BEHIND_MS: milliseconds(10_000),
  CALL_WITHIN_MS: milliseconds(3_000),
};

export const readSettings = (env: Readonly<Record<string, string>>) => readEnv("observability", shape, env);
export type Settings = ReturnType<typeof readSettings>;
