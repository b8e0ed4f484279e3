"use client";

import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useRef } from "react";

const ROW_PX = 40;
const OVERSCAN_ROWS = 12;
const FIRST_RECT = { width: 0, height: 480 };

export type RowRange = { first: number; last: number };

type VirtualTableProps = {
  caption: string;
  columns: readonly string[];
  /** Rows that can be scrolled to. */
  rowCount: number;
  /** Rows in all, where not all of them have been read. */
  totalCount?: number;
  /** The rows from `first` to `last`, both included: one `td` for each column. */
  renderRows: (range: RowRange) => readonly { key: string | number; cells: ReactNode }[];
  /** Called with the rows that are shown, when these change. */
  onRange?: (range: RowRange) => void;
};

/** A table of any number of rows in a frame that scrolls, also by the keyboard; only the rows near the frame exist, and each says which of how many it is. */
export function VirtualTable({ caption, columns, rowCount, totalCount = rowCount, renderRows, onRange }: VirtualTableProps) {
  const frame = useRef<HTMLElement>(null);
  const virtualizer = useVirtualizer({
    count: rowCount,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN_ROWS,
    initialRect: FIRST_RECT,
    onChange: (instance) => {
      const shown = instance.getVirtualItems();
      if (shown[0]) onRange?.({ first: shown[0].index, last: shown.at(-1)?.index ?? 0 });
    },
  });
  const items = virtualizer.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? -1];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section ref={frame} aria-label={caption} tabIndex={0} className="max-h-[30rem] overflow-auto overscroll-contain rounded-control border border-line">
      <table aria-rowcount={totalCount + 1} className="w-full border-collapse text-left text-sm [&_td]:truncate [&_td]:px-3 [&_th]:px-3">
        <caption className="sr-only">{caption}</caption>
        <thead className="sticky top-0 z-10 bg-sunken">
          <tr aria-rowindex={1} className="h-10">
            {columns.map((column) => (
              <th key={column} scope="col" className="whitespace-nowrap font-medium text-quiet">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap rows={first} columns={columns.length} />
          {renderRows({ first, last }).map(({ key, cells }, i) => (
            <tr key={key} aria-rowindex={first + i + 2} className="h-10 border-line border-t">
              {cells}
            </tr>
          ))}
          <Gap rows={rowCount - last - 1} columns={columns.length} />
        </tbody>
      </table>
    </section>
  );
}

/** The place of rows that do not exist. */
function Gap({ rows, columns }: { rows: number; columns: number }) {
  if (rows <= 0) return null;
  return (
    <tr aria-hidden>
      <td colSpan={columns} style={{ height: rows * ROW_PX, padding: 0 }} />
    </tr>
  );
}
