"use client";

import { usePathname } from "next/navigation";
import { LANGUAGES } from "#lib/text/languages.ts";
import { cn } from "../class-names.ts";
import { PageLink } from "./page-link.tsx";

const LANGUAGE_PART = new RegExp(`^/(?:${LANGUAGES.join("|")})(?=/|$)`);

type NavLinkProps = { href: string; label: { name: string; short: string } };

/** A door in the header; says when the page is behind it. On a phone it shows its short label, and is called by its name everywhere. */
export function NavLink({ href, label }: NavLinkProps) {
  // A page that the build makes knows itself by its place inside the app, which begins with its language.
  const path = (usePathname() ?? "/").replace(LANGUAGE_PART, "") || "/";
  const isExact = path === href;
  const isHere = isExact || path.startsWith(`${href}/`);
  return (
    <PageLink
      href={href}
      aria-current={isExact ? "page" : isHere ? "true" : undefined}
      className={cn(
        "flex h-10 items-center whitespace-nowrap rounded-control px-2 text-sm hover:bg-sunken sm:px-3",
        isHere ? "font-medium text-accent" : "text-ink",
      )}
    >
      <span aria-hidden className="sm:hidden">
        {label.short}
      </span>
      <span className="max-sm:sr-only">{label.name}</span>
    </PageLink>
  );
}
