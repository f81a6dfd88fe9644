import { z } from "zod";
import { kubernetesAccess } from "../kubernetes/access.ts";

const milliseconds = (fallback: number) => z.coerce.number().int().positive().default(fallback);

/** What a reconciler's pod is told by its environment variables. */
const settingsSchema = z
  .object({
    CLUSTER: z.string().min(1),
    REGION: z.string().min(1),
    CONTROL_PLANE_URL: z.url(),
    CONTROL_PLANE_TOKEN: z.string().min(1),
    ...kubernetesAccess,
    REPORT_EVERY_MS: milliseconds(1_000),
    /** How often everything is applied again, changed or not, to undo what others did. */
    RESYNC_EVERY_MS: milliseconds(300_000),
    CALL_WITHIN_MS: milliseconds(10_000),
  })
  .readonly();

export type Settings = z.infer<typeof settingsSchema>;

export function readSettings(env: Readonly<Record<string, string>>): Settings {
  const parsed = settingsSchema.safeParse(env);
  if (!parsed.success) throw new Error(`the reconciler's environment is not usable:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
