import type { Check } from "../../health/check.ts";
import type { Settings } from "./settings.ts";

/** Tells the control plane how the region's checks stand, by the cluster's own key. */
export async function reportChecks(
  { CONTROL_PLANE_URL, CONTROL_PLANE_TOKEN, CLUSTER, REGION, CALL_WITHIN_MS }: Settings,
  checks: readonly Check[],
  signal: AbortSignal,
): Promise<void> {
  const reply = await fetch(`${CONTROL_PLANE_URL}/v1/clusters/${CLUSTER}/reports`, {
    method: "POST",
    headers: { authorization: `Bearer ${CONTROL_PLANE_TOKEN}`, "content-type": "application/json" },
    body: JSON.stringify({ region: REGION, checks }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(CALL_WITHIN_MS)]),
  });
  const said = await reply.text();
  if (!reply.ok) throw new Error(`the control plane answered ${reply.status}: ${said.slice(0, 300)}`);
}
