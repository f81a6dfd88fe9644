import type { Context } from "./context.ts";
import { Problem } from "./problem.ts";

export function checkRegion({ config }: Context, region: string): void {
  const known = Object.keys(config.aws);
  if (known.includes(region)) return;
  throw new Problem(422, "unknown-region", `${region} is not offered here; there are ${known.join(", ")}`);
}

export function checkSecondRegion(context: Context, region: string, drRegion: string): void {
  checkRegion(context, drRegion);
  if (drRegion === region) {
    throw new Problem(422, "same-region", `dr_region must be another region than the primary, ${region}`);
  }
}
