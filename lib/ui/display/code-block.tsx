import { cn } from "../class-names.ts";

/** Text as a machine wrote it; scrolls in both directions, reachable by keyboard. */
export function CodeBlock({ text, label, className }: { text: string; label: string; className?: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls has to be reachable by keyboard
    <section aria-label={label} tabIndex={0} className={cn("max-h-80 overflow-auto rounded-control bg-sunken", className)}>
      <pre className="w-max min-w-full p-3 font-mono text-ink text-xs leading-5">{text}</pre>
    </section>
  );
}
