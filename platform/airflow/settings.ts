import { z } from "zod";

const count = (fallback: number) => z.coerce.number().int().positive().default(fallback);

/** What a deployment's pod is told by its environment variables. Times default to Airflow's own. */
export const settingsSchema = z
  .object({
    DEPLOYMENT: z.string().min(1),
    DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }),
    DATABASE_SCHEMA: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
    DATABASE_POOL_SIZE: count(8),
    DATABASE_WITHIN_MS: count(3_000),
    API_TOKEN: z.string().min(1),
    AWS_REGION: z.string().min(1),
    LOG_BUCKET: z.string().min(1),
    S3_ENDPOINT: z.url().optional(),
    AWS_ACCESS_KEY_ID: z.string().optional(),
    AWS_SECRET_ACCESS_KEY: z.string().optional(),
    MAX_ACTIVE_TASKS: count(15),
    MAX_TRIES: count(3),
    TASK_DURATION_MIN_MS: count(300_000),
    TASK_DURATION_MAX_MS: count(1_800_000),
    SEED: z.string().default("airflow"),
    SCHEDULER_EVERY_MS: count(1_000),
    HEARTBEAT_TIMEOUT_MS: count(300_000),
    HEARTBEAT_CHECK_EVERY_MS: count(10_000),
  })
  .refine((given) => given.TASK_DURATION_MIN_MS <= given.TASK_DURATION_MAX_MS, {
    error: "TASK_DURATION_MIN_MS must not be above TASK_DURATION_MAX_MS",
    path: ["TASK_DURATION_MIN_MS"],
  });

export type Settings = z.infer<typeof settingsSchema>;

export function readSettings(env: Readonly<Record<string, string>>): Settings {
  const parsed = settingsSchema.safeParse(env);
  if (!parsed.success) {
    throw new Error(`the deployment's environment is not usable:\n${z.prettifyError(parsed.error)}`);
  }
  return parsed.data;
}
