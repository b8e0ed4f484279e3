import type { ReactNode } from "react";

type RemovableRowProps = {
  name: ReactNode;
  /** What is known of it, in one line. */
  known: ReactNode;
  badge: ReactNode;
  /** The button that takes it away. */
  children: ReactNode;
  /** Why it could not be taken away. */
  problem: ReactNode;
};

/** A row of a list of what belongs to the account and can be taken from it. */
export function RemovableRow({ name, known, badge, children, problem }: RemovableRowProps) {
  return (
    <li className="py-3">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-48 text-sm">
          <p className="font-medium [overflow-wrap:anywhere]">{name}</p>
          <p className="text-quiet">{known}</p>
        </div>
        {badge}
        {children}
      </div>
      {problem}
    </li>
  );
}
