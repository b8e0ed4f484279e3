"use client";

import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useState } from "react";

const OVERSCAN_ROWS = 8;
const NEAR_END_ROWS = 4;
/** What is rendered before the window is known: enough for a first screen. */
const FIRST_RECT = { width: 0, height: 1200 };

type WindowListProps<T> = {
  items: readonly T[];
  /** A guess of a row's height; every row that was shown is measured. */
  rowHeightPx: number;
  keyOf: (item: T) => string;
  /** The row of an item, inside its `li`. */
  renderItem: (item: T) => ReactNode;
  /** Called while the last rows are in sight, as often as that changes. */
  onNearEnd?: () => void;
  className?: string;
};

/** A list that scrolls with the page and holds only the rows near the window, in the flow of the page, however many items there are. */
export function WindowList<T>({ items, rowHeightPx, keyOf, renderItem, onNearEnd, className }: WindowListProps<T>) {
  const [topPx, setTopPx] = useState(0);
  const measureTop = (list: HTMLElement | null) => {
    if (list) setTopPx(Math.round(list.getBoundingClientRect().top + window.scrollY));
  };
  const virtualizer = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => rowHeightPx,
    getItemKey: (index) => keyOf(items[index] as T),
    overscan: OVERSCAN_ROWS,
    scrollMargin: topPx,
    initialRect: FIRST_RECT,
    // The browser restores and anchors the page's own scrolling; rows in the flow need no correction.
    initialOffset: 0,
    scrollToFn: () => {},
    onChange: (instance) => {
      const last = instance.getVirtualItems().at(-1);
      if (last && last.index >= items.length - NEAR_END_ROWS) onNearEnd?.();
    },
  });
  const rows = virtualizer.getVirtualItems();
  const above = (rows[0]?.start ?? topPx) - topPx;
  const below = virtualizer.getTotalSize() - ((rows.at(-1)?.end ?? topPx) - topPx);
  return (
    <ul ref={measureTop} className={className} style={{ paddingTop: above, paddingBottom: Math.max(0, below) }}>
      {rows.map(({ key, index }) => (
        <li key={key} ref={virtualizer.measureElement} data-index={index} aria-setsize={items.length} aria-posinset={index + 1}>
          {renderItem(items[index] as T)}
        </li>
      ))}
    </ul>
  );
}
