"use client";

import Link from "next/link";
import { usePathname } from "next/navigation";
import { cn } from "../class-names.ts";

/** A door in the header; says when the page is behind it. */
export function NavLink({ href, label }: { href: string; label: string }) {
  const path = usePathname();
  const isExact = path === href;
  const isHere = isExact || path.startsWith(`${href}/`);
  return (
    <Link
      href={href}
      aria-current={isExact ? "page" : isHere ? "true" : undefined}
      className={cn(
        "flex h-10 items-center whitespace-nowrap rounded-control px-2 text-sm hover:bg-sunken sm:px-3",
        isHere ? "font-medium text-accent" : "text-ink",
      )}
    >
      {label}
    </Link>
  );
}
