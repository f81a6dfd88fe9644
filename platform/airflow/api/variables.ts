import { z } from "zod";
import { parseBody, Refused } from "../http/refused.ts";
import type { Route } from "../http/router.ts";
import { getVariable, removeVariable, setVariable } from "../variables.ts";
import type { Deployment } from "./deployment.ts";

const fresh = z.object({ key: z.string().min(1).max(250), value: z.string() });
const change = z.object({ key: z.string().optional(), value: z.string() });
const path = "/api/v2/variables/:key";

/** Variables: what users write and read back. Both writes may be repeated safely. */
export function variableRoutes({ database }: Deployment): Route[] {
  const missing = (key: string) => new Refused(404, `no variable ${key}`);
  return [
    {
      method: "POST",
      path: "/api/v2/variables",
      answer: async ({ body }) => {
        const variable = parseBody(fresh, body);
        return { status: (await setVariable(database, variable)) ? 201 : 200, body: variable };
      },
    },
    {
      method: "GET",
      path,
      answer: async ({ params: { key = "" } }) => {
        const variable = await getVariable(database, key);
        if (variable === undefined) throw missing(key);
        return { status: 200, body: variable };
      },
    },
    {
      method: "PATCH",
      path,
      answer: async ({ params: { key = "" }, body }) => {
        const { value, key: named = key } = parseBody(change, body);
        if (named !== key) throw new Refused(400, `the path names variable ${key}, the body ${named}`);
        await setVariable(database, { key, value });
        return { status: 200, body: { key, value } };
      },
    },
    {
      method: "DELETE",
      path,
      answer: async ({ params: { key = "" } }) => {
        if (!(await removeVariable(database, key))) throw missing(key);
        return { status: 204 };
      },
    },
  ];
}
