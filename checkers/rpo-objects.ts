import { rpoOf } from "./rpo-deposits.ts";

/** Objects in the bucket of task logs. */
export const rpoObjects = rpoOf("objects");
