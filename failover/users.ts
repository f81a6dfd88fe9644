import { Resolver } from "node:dns/promises";
import { request } from "node:http";
import type { Run } from "../harness/types.ts";
import { until } from "../harness/until.ts";

/** A round of calls is bad when this share of them had no good answer in time; so many bad ones in a row are an alarm. */
const badShare = 0.5;
const badRounds = 3;
const callsInARound = 10;

/**
 * What an operator's monitor outside the regions sees: it calls deployments as users do, by their names, and rings when most calls of three rounds
 * in a row fail or are late. A region that does not work and says that it is well is noticed by nothing else.
 */
export async function noticedByUsers(run: Run): Promise<{ state: string }> {
  const { timing } = run.scenario;
  const call = caller(run);
  const watched = run.environment.platform.deployments.slice(0, callsInARound);
  let inARow = 0;
  let failed = 0;
  const round = async (): Promise<number> => {
    const answers = await Promise.all(watched.map(({ host }) => call(host)));
    failed = answers.filter((good) => !good).length;
    inARow = failed >= badShare * watched.length ? inARow + 1 : 0;
    return inARow;
  };
  await until("users to be let down", round, (count) => count >= badRounds, {
    clock: run.clock,
    withinMs: timing.recoveryDeadlineMs,
    everyMs: timing.probeEveryMs,
    signal: run.signal,
  });
  return { state: `${failed} of ${watched.length} users were let down, ${inARow} rounds in a row` };
}

/** One call of a user: its name is looked up, then it is asked for its health. */
function caller({ environment, scenario }: Run): (host: string) => Promise<boolean> {
  const { dns, platform } = environment;
  const withinMs = scenario.timing.probeWithinMs;
  const resolver = new Resolver({ timeout: withinMs, tries: 1 });
  resolver.setServers([`${dns.address}:${dns.port}`]);
  return async (host) => {
    try {
      const [address] = await resolver.resolve4(host);
      return address !== undefined && (await isWell(address, platform.port, host, withinMs));
    } catch {
      return false;
    }
  };
}

/** `fetch` may not choose the Host header. */
function isWell(address: string, port: number, host: string, withinMs: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const options = { host: address, port, path: "/api/v2/monitor/health", headers: { host }, agent: false };
  request({ ...options, signal: AbortSignal.timeout(withinMs) }, (response) => {
    response.resume().on("error", () => undefined);
    resolve((response.statusCode ?? 500) < 500);
  })
    .on("error", () => resolve(false))
    .end();
  return promise;
}
