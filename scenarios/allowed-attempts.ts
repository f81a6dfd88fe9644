import type { AllowedAttempt } from "../harness/egress.ts";

const harness = (from: string, because: string): AllowedAttempt => ({ by: "harness", from, because });
const cleaningUp =
  "clean-up is a workflow of its own, outside the failover's time: it waits until the old region answers, which one that is gray or apart does early";
const untilNameMoves =
  "what is asked where the ingress name points to is asked of the lost region until the name moves";

/**
 * Attempts beyond the survivor that are expected while a region is lost, each with its reason. The report prints them all. The harness looks at
 * the lost region on purpose; whatever else of it does so is a finding.
 */
export const allowedAttempts: readonly AllowedAttempt[] = [
  {
    by: "control-plane",
    service: "route53",
    served: "elsewhere",
    because:
      "step 4 changes the one ingress record, which Route 53 takes in its control plane's region; accepted for as long as that is not the region that is lost",
  },
  { by: "control-plane", from: "platform/orchestrator/clean-up.ts", served: "lost", because: cleaningUp },
  {
    // Its act is called by nobody's name. In the path of a failover the stack would be looked at first, which is not allowed.
    by: "control-plane",
    from: "platform/orchestrator/compute.ts",
    service: "cloudformation",
    operation: "UpdateStack",
    served: "lost",
    because: cleaningUp,
  },
  harness("probes/reachability.ts", "asks the lost region itself: its silence is what proves the loss"),
  harness("faults/", "confirms what is broken, and what is whole again, by asking it itself"),
  harness("failover/users.ts", "the operators' monitor goes where users are led"),
  harness(
    "probes/clients.ts",
    "clients go where their names lead, and to what they kept: to the lost region until the name moves",
  ),
  harness("probes/ledger", "goes on writing to the old database: it must not acknowledge"),
  harness("node_modules/pg/", "the ledger's pool makes connections to the old database anew by itself"),
  harness("probes/objects.ts", "goes on putting objects where the platform was, to learn which of them are lost"),
  harness("probes/images.ts", "the same with images"),
  harness("probes/standby.ts", "looks at what runs in each region, the lost one too"),
  harness(
    "probes/witnesses.ts",
    "looks for what each stage came to in every region that a run moves to, a later one too",
  ),
  harness("probes/schedulers.ts", "asks in each region which schedulers its deployments have, in the lost one too"),
  harness("probes/protection.ts", untilNameMoves),
  harness("probes/tasks.ts", untilNameMoves),
  harness("probes/egress/proxy.ts", "carries on what a recorded client asked for, which is told as that client's own"),
  harness("bench/", "a bench holds the measurement against the lost region's own disk"),
];
