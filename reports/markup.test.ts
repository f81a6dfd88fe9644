import { expect, test } from "vitest";
import { all, escaped, h, trusted, unbroken } from "./markup.ts";

test("whatever a run says is escaped, in text and in attributes", () => {
  const said = `<script>alert("1")</script> & 'more'`;
  const { markup } = h("p", { title: said }, said);
  expect(markup).not.toContain("<script");
  expect(markup).toBe(
    '<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;">&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;</p>',
  );
});

test("characters that no page may hold are replaced, line feeds are kept", () => {
  expect(escaped("a\u0000b\u001b[31mc\nd\u0085\ud800")).toBe("a\uFFFDb\uFFFD[31mc\nd\uFFFD\uFFFD");
});

test("numbers are short, absent attributes are absent, children nest", () => {
  const { markup } = h("g", { x: 1.2345, y: undefined, hidden: false, open: true }, [
    h("rect", { width: 2 }),
    false,
    undefined,
    7,
  ]);
  expect(markup).toBe('<g x="1.2" open><rect width="2"/>7</g>');
  expect(all("<", trusted("<b>")).markup).toBe("&lt;<b>");
});

test("quantities and names with hyphens are kept on one line", () => {
  expect(all(unbroken("us-east-2 after 14 min 2.5 s")).markup).toBe(
    '<span class="nowrap">us-east-2</span> after <span class="nowrap">14 min</span> <span class="nowrap">2.5 s</span>',
  );
});
