import { expect, test } from "vitest";
import { renderInBrowserBuild } from "#lib/testing/render-in-browser-build.ts";

const count = (html: string, part: string) => html.split(part).length - 1;

test("a list of 1,000 items holds a screen of rows and the height of all of them", async () => {
  const html = await renderInBrowserBuild(`
    import { WindowList } from "#lib/ui/virtual/window-list.tsx";
    const items = Array.from({ length: 1000 }, (_, i) => "item " + i);
    export default <WindowList items={items} rowHeightPx={70} keyOf={(item) => item} renderItem={(item) => item} />;`);
  const rows = count(html, "<li");
  expect(rows).toBeGreaterThan(10);
  expect(rows).toBeLessThan(40);
  expect(html).toContain('aria-setsize="1000" aria-posinset="1"');
  expect(Number(/padding-bottom:(\d+)px/.exec(html)?.[1])).toBe((1000 - rows) * 70);
});

const table = (rowCount: number) =>
  renderInBrowserBuild(`
    import { VirtualTable } from "#lib/ui/virtual/virtual-table.tsx";
    const rowsOf = ({ first, last }) => Array.from({ length: last - first + 1 }, (_, i) => ({ key: first + i, cells: <td>{"row " + (first + i)}</td> }));
    export default <VirtualTable caption="Rows" columns={["Row"]} rowCount={${rowCount}} renderRows={rowsOf} />;`);

test("a table of 100,000 rows holds a frame of them, and says how many there are and which these are", async () => {
  const html = await table(100_000);
  const rows = count(html, ">row ");
  expect(rows).toBeGreaterThan(10);
  expect(rows).toBeLessThan(60);
  expect(html).toContain('aria-rowcount="100001"');
  expect(html).toMatch(/aria-rowindex="2"[^>]*><td>row 0</);
  expect(Number(/height:(\d+)px/.exec(html)?.[1])).toBe((100_000 - rows) * 40);
});

test("a table without rows has its head alone", async () => {
  const html = await table(0);
  expect([count(html, "<tr"), html.includes('aria-rowcount="1"')]).toEqual([1, true]);
});
