import { z } from "zod";
import { kubernetesAccess } from "../kubernetes/access.ts";

/** What a container is told by whoever runs it. */
export interface Container {
  readonly env: Readonly<Record<string, string>>;
  readonly podIp: string;
  readonly ports: readonly number[];
}
/** What a plugin's entry gives back to whoever runs it. */
export interface RunningPlugin {
  ready(): boolean;
  stop(): Promise<void>;
}

export const milliseconds = (fallback: number) => z.coerce.number().int().positive().default(fallback);

/** What every plugin's pod is told of the place where it runs. */
export const placeSettings = {
  CLUSTER: z.string().min(1),
  REGION: z.string().min(1),
  ...kubernetesAccess,
};
/** Where AWS is, when not at its own addresses, and by which keys when not by the pod's own role. */
export const awsAccess = {
  AWS_ENDPOINT: z.url().optional(),
  AWS_ACCESS_KEY_ID: z.string().optional(),
  AWS_SECRET_ACCESS_KEY: z.string().optional(),
};
/** The control plane, as the cluster's own key opens it. */
export const controlPlaneAccess = {
  CONTROL_PLANE_URL: z.url(),
  CONTROL_PLANE_TOKEN: z.string().min(1),
};

/** Reads a plugin's environment variables; throws with each one that is missing or wrong. */
export function readEnv<Shape extends z.ZodRawShape>(
  plugin: string,
  shape: Shape,
  env: Readonly<Record<string, string>>,
): z.output<z.ZodObject<Shape>> {
  const parsed = z.object(shape).safeParse(env);
  if (!parsed.success) throw new Error(`the environment of ${plugin} is not usable:\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
