"use client";

import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { type FocusEvent, type FormEvent, type KeyboardEvent, useId, useState } from "react";
import type { Finding } from "#lib/client/docs/search-index.ts";
import { useDocSearch } from "#lib/client/docs/use-doc-search.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Input } from "#lib/ui/controls/input.tsx";
import { PageLink } from "#lib/ui/shell/page-link.tsx";

/** The docs' search: findings are links below the field. Arrows go through them, Enter opens the first, Escape returns to the field. */
export function DocSearch() {
  const {
    text: {
      docs: { search: text },
    },
    fill,
  } = useWords();
  const id = useId();
  const router = useRouter();
  const { query, setQuery, load, status, findings } = useDocSearch();
  const [isOpen, setOpen] = useState(false);
  const close = () => {
    setOpen(false);
    setQuery("");
  };
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const [first] = findings ?? [];
    if (!first) return;
    close();
    router.push(first.href);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLFormElement>) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key !== "Escape" && step === undefined) return;
    event.preventDefault();
    const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("input, a")];
    const here = stops.indexOf(document.activeElement as HTMLElement);
    stops[step === undefined ? 0 : (here + step + stops.length) % stops.length]?.focus();
    if (step === undefined) setOpen(false);
  };
  const onBlur = (event: FocusEvent<HTMLFormElement>) => {
    if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
  };
  const onFocus = () => {
    setOpen(true);
    void load();
  };
  const sayStatus = (): string => {
    if (status === "failed") return text.failed;
    if (!findings) return text.loading;
    return findings.length === 0 ? fill(text.none, { query: query.trim() }) : fill(text.found, { count: findings.length });
  };
  const isShown = isOpen && query.trim() !== "";
  return (
    <search>
      <form onSubmit={onSubmit} onKeyDown={onKeyDown} onBlur={onBlur} className="relative">
        <label htmlFor={id} className="sr-only">
          {text.label}
        </label>
        <Search aria-hidden className="pointer-events-none absolute top-3 left-3 size-4 text-quiet" />
        <Input
          id={id}
          type="search"
          autoComplete="off"
          placeholder={text.label}
          value={query}
          onFocus={onFocus}
          onChange={(event) => {
            setQuery(event.target.value);
            onFocus();
          }}
          className="pl-9"
        />
        <div
          className={
            isShown
              ? "absolute top-12 left-0 z-20 w-full rounded-card border border-line bg-surface p-2 shadow-lifted sm:w-[min(28rem,calc(100vw-3rem))]"
              : "sr-only"
          }
        >
          <p role="status" className="px-2 py-1 text-quiet text-sm [overflow-wrap:anywhere]">
            {isShown ? sayStatus() : ""}
          </p>
          {isShown && findings && findings.length > 0 ? <Findings findings={findings} onOpen={close} /> : null}
        </div>
      </form>
    </search>
  );
}

function Findings({ findings, onOpen }: { findings: readonly Finding[]; onOpen: () => void }) {
  return (
    <ul className="max-h-[60dvh] overflow-y-auto">
      {findings.map(({ href, page, heading, excerpt }) => (
        <li key={href}>
          <PageLink href={href} onClick={onOpen} className="-outline-offset-2 block rounded-control px-2 py-2 hover:bg-sunken focus-visible:bg-sunken">
            <span className="font-medium text-sm">{heading}</span>
            {heading === page ? null : <span className="text-quiet text-sm"> · {page}</span>}
            <span className="line-clamp-2 text-quiet text-xs leading-5">{excerpt}</span>
          </PageLink>
        </li>
      ))}
    </ul>
  );
}
