/** What is looked at in each region; `reconciler` by the control plane, which hears it, and the others from within the region. */
export const checkNames = [
  "reconciler",
  "images",
  "roles",
  "replication-objects",
  "replication-database",
  "certificate",
  "plugins",
  "capacity",
] as const;
export type CheckName = (typeof checkNames)[number];

/** One thing that must be right in a region, and what was seen. */
export interface Check {
  readonly name: CheckName;
  readonly ok: boolean;
  /** In words; when it is not right, why. */
  readonly detail: string;
}
