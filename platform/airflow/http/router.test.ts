import { describe, expect, it } from "vitest";
import { type Route, routerOf } from "./router.ts";

const route = (method: Route["method"], path: string): Route => ({
  method,
  path,
  answer: async () => ({ status: 200 }),
});
const find = routerOf([
  route("GET", "/dags/~/all"),
  route("GET", "/dags/:dag/runs"),
  route("POST", "/dags/:dag/runs"),
  route("GET", "/variables/:key"),
]);

describe("the router", () => {
  it("gives parameters, decoded", () => {
    expect(find("GET", "/variables/a%20b")).toMatchObject({ params: { key: "a b" } });
    expect(find("GET", "/variables/100%")).toMatchObject({ params: { key: "100%" } });
  });

  it("tells an unknown path from a wrong method", () => {
    expect(find("GET", "/nothing")).toEqual([]);
    expect(find("GET", "/variables/")).toEqual([]);
    expect(find("DELETE", "/dags/x/runs")).toEqual(["GET", "POST"]);
  });

  it("takes what is written as it is before a parameter", () => {
    expect(find("GET", "/dags/~/all")).toMatchObject({ route: { path: "/dags/~/all" } });
  });
});
