import { parentPort, workerData } from "node:worker_threads";
import { bytesOf } from "./bytes.ts";
import { type LinksTask, linksOf } from "./links.ts";

const { file, stretch }: LinksTask = workerData;
parentPort?.postMessage(await linksOf(await bytesOf(file), stretch));
