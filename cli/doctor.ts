import { statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { styleText } from "node:util";
import { findPostgres } from "../fixtures/lab/postgres/binaries.ts";
import { claimSlot } from "../fixtures/lab/slot.ts";
import { findK6 } from "../load/find-k6.ts";

interface Finding {
  readonly what: string;
  readonly state: "ok" | "absent" | "bad";
  readonly detail: string;
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Each look says what it found; `bad` means that the default game day cannot run, `absent` that it runs with less. */
const looks: readonly (() => Promise<Finding>)[] = [
  async () => {
    const major = Number(process.versions.node.split(".")[0]);
    return {
      what: "Node.js",
      state: major >= 24 ? "ok" : "bad",
      detail: `${process.version}${major >= 24 ? "" : "; 24 comes with npm ci, run through npm"}`,
    };
  },
  () =>
    findPostgres().then(
      (found): Finding => ({ what: "PostgreSQL", state: "ok", detail: `${found.version} at ${found.postgres}` }),
      (error: unknown): Finding => ({ what: "PostgreSQL", state: "bad", detail: reason(error) }),
    ),
  async () => {
    try {
      await using claimed = await claimSlot();
      return { what: "addresses", state: "ok", detail: `loopback range ${claimed.slot} of 0 to 9 is free` };
    } catch (error) {
      return { what: "addresses", state: "bad", detail: reason(error) };
    }
  },
  async () => {
    const place = tmpdir();
    const disk = await statfs(place).catch(() => undefined);
    if (disk === undefined)
      return { what: "disk", state: "bad", detail: `${place} cannot be read; set TMPDIR to a directory that can` };
    const freeMegabytes = Math.round((disk.bavail * disk.bsize) / 2 ** 20);
    return {
      what: "disk",
      state: freeMegabytes >= 2_000 ? "ok" : "bad",
      detail: `${freeMegabytes} MB free under ${place}; a lab needs 2000`,
    };
  },
  async () => {
    const found = await findK6({ build: false });
    return "missing" in found
      ? {
          what: "k6",
          state: "absent",
          detail: `${found.missing}; the builtin engine makes the load then. ${found.hint}`,
        }
      : { what: "k6", state: "ok", detail: `${found.version} at ${found.file}` };
  },
];

/** Prints what this machine has for a game day. 0 when the default run can start, 4 when it cannot. */
export async function doctor(): Promise<number> {
  const findings = await Promise.all(looks.map((look) => look()));
  const mark = {
    ok: styleText("green", "ok     "),
    absent: styleText("yellow", "absent "),
    bad: styleText("red", "missing"),
  };
  for (const { what, state, detail } of findings) console.log(`${mark[state]}  ${what.padEnd(11)} ${detail}`);
  return findings.some(({ state }) => state === "bad") ? 4 : 0;
}
