import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type CalledApi, startApi } from "../testing/api.ts";
import { Secondary } from "../testing/secondary.ts";
import { standing } from "../testing/standing.ts";

let api: CalledApi;
let secondary: Secondary;

beforeEach(async () => {
  secondary = new Secondary();
  api = await startApi(standing(secondary));
});
afterEach(() => api[Symbol.asyncDispose]());

const one = "/v1/clusters/acme";
const call: CalledApi["call"] = (...asked) => api.call(...asked);
const create = (change: object = {}) =>
  call("POST", "/v1/clusters", { name: "acme", region: "us-east-2", dr_region: "us-west-2", ...change });
const another = (change: object) => ({ name: "other", region: "us-east-2", dr_region: "us-west-2", ...change });

/** Everything that a request could have changed. */
const world = async () => ({
  clusters: (await call("GET", "/v1/clusters")).body,
  operations: (await call("GET", `${one}/operations`)).body,
  deployments: (await call("GET", `${one}/deployments`)).body,
  tokens: (await call("GET", "/v1/tokens")).body,
  effects: [...secondary.effects],
});

/** Asks for something that cannot be; the answer says so in words that hold these pieces, and nothing is changed. */
async function refused(
  [status, code]: readonly [number, string],
  said: readonly string[],
  asked: Parameters<CalledApi["call"]>,
) {
  const before = await world();
  const answer = await call(...asked);
  const [, path] = asked;
  expect(answer).toMatchObject({
    status,
    type: "application/problem+json",
    body: { status, type: `/problems/${code}`, title: expect.stringMatching(/^[A-Z]/), instance: path },
  });
  for (const piece of said) expect(answer.body.detail).toContain(piece);
  expect(await world()).toEqual(before);
  return answer;
}

type Case = readonly [
  what: string,
  problem: readonly [number, string],
  said: readonly string[],
  asked: Parameters<CalledApi["call"]>,
];

describe("a request that cannot be met is told why, and changes nothing:", () => {
  const cases: readonly Case[] = [
    ["an unknown path", [404, "unknown-path"], ["/v1/nothing", "/openapi.json"], ["GET", "/v1/nothing"]],
    [
      "an unknown cluster",
      [404, "unknown-cluster"],
      ["other"],
      ["PATCH", "/v1/clusters/other", { is_failed_over: true }],
    ],
    ["an unknown operation", [404, "unknown-operation"], [`${one}/operations`], ["GET", `${one}/operations/other`]],
    [
      "a region of no cluster",
      [404, "unknown-region"],
      ["us-east-2 and us-west-2"],
      ["GET", `${one}/manifests/mars-1`],
    ],
    ["an unknown token", [404, "unknown-token"], ["/v1/tokens"], ["DELETE", "/v1/tokens/other"]],
    ["malformed JSON", [400, "malformed-body"], ["not JSON"], ["PATCH", one, '{"is_failed_over": tru']],
    ["no body", [400, "malformed-body"], ["not JSON"], ["PATCH", one, ""]],
    [
      "a wrong type",
      [422, "invalid-body"],
      ["is_failed_over", '"yes"', "boolean"],
      ["PATCH", one, { is_failed_over: "yes" }],
    ],
    [
      "a wrong choice",
      [422, "invalid-body"],
      ["loss_bound", "suspended", "enforced", '"off"'],
      ["PATCH", one, { loss_bound: "off" }],
    ],
    [
      "an unknown key",
      [422, "invalid-body"],
      ["failed_over", "is_failed_over, dr_region"],
      ["PATCH", one, { failed_over: true }],
    ],
    [
      "an unknown key below",
      [422, "invalid-body"],
      ["network", "cdir", "cidr, dr_cidr"],
      ["POST", "/v1/clusters", another({ network: { cdir: "10.0.0.0/16" } })],
    ],
    ["nothing to change", [422, "invalid-body"], ["name one thing to change"], ["PATCH", one, {}]],
    [
      "two things to change",
      [422, "invalid-body"],
      ["name one thing to change"],
      ["PATCH", one, { is_failed_over: true, loss_bound: "suspended" }],
    ],
    [
      "a secret of a wrong type",
      [422, "invalid-body"],
      ["database.password"],
      ["POST", "/v1/clusters", another({ database: { password: "short" } })],
    ],
    [
      "a name that is taken",
      [409, "cluster-exists"],
      ["another name"],
      ["POST", "/v1/clusters", another({ name: "acme" })],
    ],
    [
      "an unknown region",
      [422, "unknown-region"],
      ["mars-1", "us-east-2, us-west-2"],
      ["POST", "/v1/clusters", another({ region: "mars-1" })],
    ],
    [
      "an unknown second region",
      [422, "unknown-region"],
      ["mars-1"],
      ["POST", "/v1/clusters", another({ dr_region: "mars-1" })],
    ],
    [
      "the same region twice",
      [422, "same-region"],
      ["another region"],
      ["POST", "/v1/clusters", another({ dr_region: "us-east-2" })],
    ],
    [
      "overlapping ranges",
      [422, "overlapping-cidrs"],
      ["10.0.0.0/16", "10.0.64.0/20"],
      ["POST", "/v1/clusters", another({ network: { cidr: "10.0.0.0/16", dr_cidr: "10.0.64.0/20" } })],
    ],
    [
      "a malformed range",
      [422, "invalid-body"],
      ["network.dr_cidr", "IPv4 range", '"10.0.0.0"'],
      ["POST", "/v1/clusters", another({ network: { dr_cidr: "10.0.0.0" } })],
    ],
    [
      "a range for no region",
      [422, "invalid-body"],
      ["network", "dr_region"],
      ["PATCH", one, { loss_bound: "enforced", network: { dr_cidr: "10.9.0.0/16" } }],
    ],
    ["a second second region", [409, "has-dr"], ["us-west-2"], ["PATCH", one, { dr_region: "us-west-2" }]],
    [
      "a loss allowed for nothing that loses",
      [422, "invalid-body"],
      ["allow_data_loss", "is_failed_over: false"],
      ["PATCH", one, { is_failed_over: true, allow_data_loss: true }],
    ],
    [
      "a return from nowhere",
      [409, "not-failed-over"],
      ["us-east-2", "no failover to undo"],
      ["PATCH", one, { is_failed_over: false, allow_data_loss: true }],
    ],
    [
      "a failback of nothing",
      [409, "not-failed-over"],
      ["us-east-2", "no failover to undo"],
      ["PATCH", one, { is_failed_over: false }],
    ],
    [
      "a token without a role",
      [422, "invalid-body"],
      ["role", "operator", "viewer"],
      ["POST", "/v1/tokens", { name: "x", role: "admin" }],
    ],
    ["too large a body", [413, "too-large"], ["1048576"], ["PATCH", one, { dr_region: "x".repeat(2_000_000) }]],
  ];
  it.each(cases)("%s", async (_, problem, said, asked) => {
    await create();
    const { body } = await refused(problem, said, asked);
    expect(body.detail).not.toContain('"short"');
  });

  it("a wrong method, with those that are offered", async () => {
    await create();
    const { headers } = await refused([405, "method-not-allowed"], ["PUT", "PATCH"], ["PUT", one, { name: "x" }]);
    expect(headers.get("allow")).toBe("GET, HEAD, PATCH");
  });

  it("no second region, with how to get one", async () => {
    await create({ dr_region: null });
    await refused([409, "no-dr"], ["set dr_region first"], ["PATCH", one, { is_failed_over: true }]);
  });

  it("a failover twice, and a failback to a region that is not heard", async () => {
    await create();
    api.leave({ is_failed_over: true, active_region: "us-west-2" });
    await refused([409, "already-failed-over"], ["us-west-2 already"], ["PATCH", one, { is_failed_over: true }]);
    await refused([409, "region-unreachable"], ["us-east-2", "DELETE"], ["PATCH", one, { is_failed_over: false }]);
  });

  it("the serving region given up, or one that is none of the cluster's", async () => {
    await create();
    await refused([409, "region-active"], ["lives in us-east-2"], ["DELETE", `${one}/regions/us-east-2`]);
    await refused([404, "unknown-region"], ["us-east-2 and us-west-2"], ["DELETE", `${one}/regions/mars-1`]);
  });

  it("a failover while one runs, with where to follow it", async () => {
    await create();
    const { body } = await call("PATCH", one, { is_failed_over: true });
    const again = await call("PATCH", one, { is_failed_over: true });
    expect(again).toMatchObject({ status: 409, body: { type: "/problems/operation-running" } });
    expect(again.body.detail).toContain(`${one}/operations/${body.operation.id}`);
    expect((await call("GET", `${one}/operations`)).body.operations).toHaveLength(2);
  });
});

describe("ranges that were not asked for", () => {
  it("are chosen beside those that were", async () => {
    expect((await create()).body.network).toEqual({ cidr: "10.0.0.0/16", dr_cidr: "10.1.0.0/16" });
    const { body } = await create(another({ network: { dr_cidr: "10.0.0.0/20" } }));
    expect(body.network).toEqual({ cidr: "10.1.0.0/16", dr_cidr: "10.0.0.0/20" });
  });
});

describe("a token", () => {
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const made = async (role: string) => (await call("POST", "/v1/tokens", { name: `a ${role}`, role })).body;

  it.each([
    ["none", { authorization: "" }, 'Bearer realm="control plane"'],
    ["a wrong one", bearer("platform-tokem"), 'Bearer realm="control plane", error="invalid_token"'],
    ["one of another scheme", { authorization: "Basic cGxhdGZvcm0tdG9rZW4=" }, 'Bearer realm="control plane"'],
  ])("%s opens nothing", async (_, headers, challenge) => {
    await create();
    const asked = ["PATCH", one, { is_failed_over: true }, headers] as const;
    const answer = await refused([401, "unauthorized"], ["token"], [...asked]);
    expect(answer.headers.get("www-authenticate")).toBe(challenge);
  });

  it("of a viewer reads and changes nothing", async () => {
    await create();
    const { token } = await made("viewer");
    expect((await call("GET", one, undefined, bearer(token))).status).toBe(200);
    await refused([403, "forbidden"], ["may read only"], ["PATCH", one, { is_failed_over: true }, bearer(token)]);
    await refused([403, "forbidden"], ["keys"], ["GET", `${one}/keys`, undefined, bearer(token)]);
  });

  it("of an operator changes clusters, and makes no token", async () => {
    await create({ dr_region: null });
    const { token } = await made("operator");
    const asked = ["POST", "/v1/tokens", { name: "x", role: "operator" }, bearer(token)] as const;
    await refused([403, "forbidden"], ["configured token"], [...asked]);
    expect((await call("PATCH", one, { dr_region: "us-west-2" }, bearer(token))).status).toBe(202);
  });

  it("is shown once, kept over a restart, and opens nothing once it is revoked", async () => {
    const { id, token } = await made("viewer");
    expect(JSON.stringify((await call("GET", "/v1/tokens")).body)).not.toContain(token);
    await api.restart();
    expect((await call("GET", "/v1/clusters", undefined, bearer(token))).status).toBe(200);
    expect((await call("DELETE", `/v1/tokens/${id}`)).status).toBe(204);
    expect((await call("GET", "/v1/clusters", undefined, bearer(token))).status).toBe(401);
  });

  it("of a cluster's reconcilers opens its manifests and reports only", async () => {
    await create();
    const { reconciler } = (await call("GET", `${one}/keys`)).body;
    expect((await call("GET", `${one}/manifests/us-west-2`, undefined, bearer(reconciler))).status).toBe(200);
    for (const asked of [
      ["PATCH", one, { is_failed_over: true }],
      ["GET", `${one}/keys`, undefined],
      ["GET", "/v1/clusters/other/manifests/us-west-2", undefined],
    ] as const)
      await refused([403, "forbidden"], ["the key of cluster acme"], [...asked, bearer(reconciler)]);
  });
});
