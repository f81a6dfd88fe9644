import { z } from "zod";

const label = z
  .string()
  .regex(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/, "must be lower case letters, digits and dashes, 40 at most");
const milliseconds = z.int().positive();

export const newCluster = z.strictObject({
  name: label,
  region: z.string().min(1),
  dr_region: z.string().min(1).nullish(),
  database: z
    .strictObject({
      user: label.default("airflow"),
      password: z.string().min(8).optional(),
      name: label.default("airflow"),
    })
    .prefault({}),
  airflow: z
    .strictObject({
      token: z.string().min(8).optional(),
      seed: z.string().default("airflow"),
      schedulerEveryMs: milliseconds.default(1_000),
      heartbeatTimeoutMs: milliseconds.default(300_000),
      heartbeatCheckEveryMs: milliseconds.default(10_000),
      taskDurationMinMs: milliseconds.default(300_000),
      taskDurationMaxMs: milliseconds.default(1_800_000),
      maxTries: z.int().positive().default(3),
      databasePoolSize: z.int().positive().default(8),
    })
    .prefault({}),
});

export const clusterChange = z
  .strictObject({ is_failed_over: z.boolean().optional(), dr_region: z.string().min(1).optional() })
  .refine((given) => Object.keys(given).length === 1, "name one thing to change: is_failed_over or dr_region");

export const newDeployments = z.strictObject({
  deployments: z
    .array(z.strictObject({ name: label, maxActiveTasks: z.int().positive().default(15) }))
    .min(1)
    .max(1_000),
});

/** What a reconciler tells about its region. */
export const newReport = z.strictObject({
  region: z.string().min(1),
  applied: z.string().nullable(),
  deployments: z.array(z.strictObject({ name: z.string(), ready: z.boolean() })),
  problems: z.array(z.string()).default([]),
});
