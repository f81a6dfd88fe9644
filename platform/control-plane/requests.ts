import { z } from "@hono/zod-openapi";
import { checkNames } from "../health/check.ts";
import { cidrFault } from "../network.ts";

/** An object with these keys and no other; an unknown one is told with the choices. */
function closed<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const choices = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: ({ code, keys }) => (code === "unrecognized_keys" ? `no such key ${keys}; there are ${choices}` : undefined),
  });
}

const label = z
  .string()
  .regex(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/, "must be lower case letters, digits and dashes, 40 at most");
const milliseconds = z.int().positive();
export const dnsStrategy = z.enum(["move-record", "health-check"]);
export const standbyCompute = z.enum(["headless", "warm"]);
const regionName = z.string().min(1).meta({ example: "us-west-2" });
const cidr = z
  .string()
  .check(({ value, issues }) => {
    const fault = cidrFault(value);
    if (fault !== undefined) issues.push({ code: "custom", message: fault, input: value });
  })
  .meta({ example: "10.0.0.0/16" });

export const newCluster = closed({
  name: label.meta({ description: "Name and id of the cluster, unique here.", example: "acme" }),
  region: z.string().min(1).meta({ description: "The primary region.", example: "us-east-2" }),
  dr_region: regionName
    .nullish()
    .meta({ description: "The secondary region, another than the primary; without it the cluster has no DR." }),
  dns_strategy: dnsStrategy.optional().meta({
    description:
      "How users are led to the other region. `move-record`: the ingress record is written anew, by Route 53's control plane in us-east-1. `health-check`: a failover pair is switched by a health check, in the data plane. The platform's own setting when not given.",
  }),
  standby_compute: standbyCompute.optional().meta({
    description:
      "`headless`: the database that stands by has storage only, and a failover makes its compute first. `warm`: it has its compute all the time. The platform's own setting when not given.",
  }),
  network: closed({
    cidr: cidr.optional().meta({ description: "Range of the primary's network; 10.0.0.0/16 when not given." }),
    dr_cidr: cidr.optional().meta({
      description:
        "Range of the secondary's network, which may not overlap with the primary's; the first free /16 of 10.0.0.0/8 when not given.",
    }),
  })
    .prefault({})
    .meta({ description: "IPv4 ranges of the cluster's networks, each between /16 and /28." }),
  database: closed({
    user: label.default("airflow"),
    password: z.string().min(8).optional().meta({ description: "Made when not given; never shown again." }),
    name: label.default("airflow"),
  }).prefault({}),
  airflow: closed({
    token: z.string().min(8).optional().meta({ description: "Bearer token of the deployments; made when not given." }),
    seed: z.string().default("airflow"),
    schedulerEveryMs: milliseconds.default(1_000),
    heartbeatTimeoutMs: milliseconds.default(300_000),
    heartbeatCheckEveryMs: milliseconds.default(10_000),
    taskDurationMinMs: milliseconds.default(300_000),
    taskDurationMaxMs: milliseconds.default(1_800_000),
    maxTries: z.int().positive().default(3),
    databasePoolSize: z.int().positive().default(8),
  }).prefault({}),
}).openapi("NewCluster");

const changes = ["is_failed_over", "dr_region", "loss_bound", "dns_strategy", "standby_compute"] as const;
export const clusterChange = closed({
  is_failed_over: z.boolean().optional().meta({
    description: "`true` fails over to the secondary region; `false` fails back to the primary, without loss.",
  }),
  dr_region: regionName.optional().meta({ description: "Enables DR in this region." }),
  network: closed({ dr_cidr: cidr.optional() })
    .optional()
    .meta({ description: "Together with `dr_region`: the range of the new secondary's network." }),
  allow_data_loss: z.boolean().optional().meta({
    description:
      "Together with `is_failed_over: false`: goes back to the primary without asking the secondary, which is lost. What had not reached the primary is lost with it. It takes the place of a failback that runs.",
  }),
  loss_bound: z.enum(["suspended", "enforced"]).optional().meta({
    description: "Lifts or sets again the bound of loss (`rds.global_db_rpo`) on the current primary.",
  }),
  dns_strategy: dnsStrategy.optional().meta({
    description:
      "Makes the ingress name a record that is moved, or a pair that is switched. Route 53's control plane must answer.",
  }),
  standby_compute: standbyCompute.optional().meta({
    description: "Gives the database that stands by its compute for good, or takes it away.",
  }),
})
  .refine((given) => changes.filter((name) => given[name] !== undefined).length === 1, {
    message: `name one thing to change: ${changes.join(", ")}`,
  })
  .refine(({ network, dr_region }) => network === undefined || dr_region !== undefined, {
    path: ["network"],
    message: "goes only together with dr_region",
  })
  .refine(({ allow_data_loss, is_failed_over }) => allow_data_loss === undefined || is_failed_over === false, {
    path: ["allow_data_loss"],
    message: "goes only together with is_failed_over: false",
  })
  .openapi("ClusterChange", { minProperties: 1 });

export const newDeployments = closed({
  deployments: z
    .array(
      closed({
        name: label.meta({ example: "dep-01" }),
        maxActiveTasks: z.int().positive().default(15).meta({ description: "Tasks that run at the same time." }),
      }),
    )
    .min(1)
    .max(1_000),
}).openapi("NewDeployments");

/** What a reconciler tells about its region. */
const reconcilerReport = closed({
  region: z.string().min(1),
  applied: z.string().nullable().meta({ description: "Tag of the manifest applied last." }),
  deployments: z.array(closed({ name: z.string(), ready: z.boolean() })),
  problems: z.array(z.string()).default([]).meta({ description: "What keeps it from doing its work, in words." }),
});
/** What a health reporter tells about its region, from within. */
const checksReport = closed({
  region: z.string().min(1),
  checks: z
    .array(closed({ name: z.enum(checkNames), ok: z.boolean(), detail: z.string() }))
    .meta({ description: "All that is looked at in the region, and what was seen." }),
});
export const newReport = z.union([reconcilerReport, checksReport]).openapi("NewReport");

export const newToken = closed({
  name: z.string().trim().min(1).max(80).meta({ description: "Whose it is, or what for.", example: "night shift" }),
  role: z.enum(["operator", "viewer"]).meta({ description: "An operator may change clusters; a viewer may read." }),
}).openapi("NewToken");
