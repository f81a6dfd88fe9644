import { readPlatformConfig } from "../settings.ts";
import { startControlPlane } from "./start.ts";

// The control plane as a process: configured by PLATFORM_CONFIG, ended by SIGTERM or SIGINT.
const controlPlane = await startControlPlane(readPlatformConfig(process.env["PLATFORM_CONFIG"]));
console.log(JSON.stringify({ event: "listening", url: controlPlane.url }));

const end = async () => {
  await controlPlane[Symbol.asyncDispose]();
  process.exit(0);
};
process.once("SIGTERM", end);
process.once("SIGINT", end);
