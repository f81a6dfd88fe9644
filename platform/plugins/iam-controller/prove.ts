import { AssumeRoleCommand, type STSClient } from "@aws-sdk/client-sts";

/** Whether a role can be used here, and why not. */
export interface Proof {
  readonly ok: boolean;
  readonly detail: string;
}

/** STS' shortest session: nobody uses it. */
const sessionSeconds = 900;

/** Assumes the role at the region's own STS, which is IAM's data plane; IAM's control plane is never asked. */
export async function proveRole(sts: STSClient, role: string, cluster: string): Promise<Proof> {
  const ask = new AssumeRoleCommand({
    RoleArn: role,
    RoleSessionName: `${cluster}-proof`,
    DurationSeconds: sessionSeconds,
  });
  try {
    await sts.send(ask);
    return { ok: true, detail: "assumed" };
  } catch (error) {
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { ok: false, detail: `role ${role} cannot be assumed: ${why}` };
  }
}
