import type { CSSProperties, ReactNode } from "react";
import { cn } from "../class-names.ts";

type TableProps = { caption: string; columns: readonly ReactNode[]; children: ReactNode; amounts?: readonly number[] };

/** A table that scrolls sideways inside its own frame when the page is narrow. */
export function Table(props: TableProps) {
  return <TableFrame {...props} />;
}

/** Lays rows and cells out one below the other; a cell gets the name of its column from `--column-N`, and one with nothing in it is left out. */
const STACKED = cn(
  "max-sm:block max-sm:[&_tbody]:block max-sm:[&_thead]:sr-only max-sm:[&_tr]:block",
  "max-sm:[&_tbody_tr:first-child]:border-t-0 max-sm:[&_tbody_tr]:border-line max-sm:[&_tbody_tr]:border-t max-sm:[&_tbody_tr]:py-2.5",
  "max-sm:[&_td]:flex max-sm:[&_td]:justify-between max-sm:[&_td]:gap-x-6 max-sm:[&_td]:border-t-0 max-sm:[&_td]:py-1 max-sm:[&_td]:pr-0 max-sm:[&_td]:text-right",
  "max-sm:[&_td:empty]:hidden max-sm:[&_td]:before:shrink-0 max-sm:[&_td]:before:text-left max-sm:[&_td]:before:text-quiet",
  "max-sm:[&_td:nth-child(1)]:before:content-[var(--column-1)] max-sm:[&_td:nth-child(2)]:before:content-[var(--column-2)]",
  "max-sm:[&_td:nth-child(3)]:before:content-[var(--column-3)] max-sm:[&_td:nth-child(4)]:before:content-[var(--column-4)]",
  "max-sm:[&_td:nth-child(5)]:before:content-[var(--column-5)] max-sm:[&_td:nth-child(6)]:before:content-[var(--column-6)]",
);

/**
 * A table of up to six columns whose rows become blocks of named values on a phone. Each cell holds one element or one text. `amounts` are the columns, from 0, whose
 * cells are `AmountCell`s.
 */
export function StackedTable({ columns, ...props }: TableProps & { columns: readonly string[] }) {
  const names = Object.fromEntries(columns.map((column, i) => [`--column-${i + 1}`, JSON.stringify(column)]));
  return <TableFrame {...props} columns={columns} className={STACKED} style={names} />;
}

/** A cell whose number stands at the right edge, digit under digit. */
export function AmountCell({ children }: { children: ReactNode }) {
  return <td className="whitespace-nowrap text-right tabular-nums">{children}</td>;
}

function TableFrame({ caption, columns, amounts = [], children, className, style }: TableProps & { className?: string; style?: CSSProperties }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section aria-label={caption} tabIndex={0} className="relative overflow-x-auto">
      <table
        className={cn(
          "w-full border-collapse text-left text-sm [&_td]:border-line [&_td]:border-t [&_td]:py-2.5 [&_td]:pr-6 [&_td]:align-top [&_th]:whitespace-nowrap [&_th]:py-2 [&_th]:pr-6 [&_th]:font-medium [&_th]:text-quiet",
          className,
        )}
        style={style}
      >
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map((column, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns never move
              <th key={i} scope="col" className={amounts.includes(i) ? "text-right" : undefined}>
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  );
}
