import { rpoOf } from "./rpo-deposits.ts";

/** Images in the region's registry. */
export const rpoImages = rpoOf("images");
