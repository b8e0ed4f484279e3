/** Shoal's mark: four bodies that swim one way. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="4 5 24 22" className={className} aria-hidden="true" fill="currentColor">
      <path d="M5 11.5c3-3.3 7-3.3 10 0-3 3.3-7 3.3-10 0z" />
      <path d="M15 17.5c3.6-4 8.4-4 12 0-3.6 4-8.4 4-12 0z" />
      <path d="M7 23.5c2.4-2.7 5.6-2.7 8 0-2.4 2.7-5.6 2.7-8 0z" opacity=".7" />
      <path d="M18.5 8.5c1.8-2 4.2-2 6 0-1.8 2-4.2 2-6 0z" opacity=".7" />
    </svg>
  );
}
