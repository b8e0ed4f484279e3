import { cn } from "../class-names.ts";

type ProgressProps = {
  label: string;
  max: number;
  done: number;
  /** Of those done, how many are bad; drawn behind the good ones. */
  bad?: number;
  /** The value in words, for those who do not see the bar. */
  text: string;
  className?: string;
};

/** How much of a whole is done. Drawn with SVG attributes, so that it needs no inline style. */
export function Progress({ label, max, done, bad = 0, text, className }: ProgressProps) {
  const whole = Math.max(max, 1);
  const good = (100 * Math.max(0, done - bad)) / whole;
  const wrong = (100 * bad) / whole;
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={max}
      aria-valuenow={done}
      aria-valuetext={text}
      className={cn("h-2 w-full", className)}
    >
      <svg className="h-full w-full rounded-full" preserveAspectRatio="none" viewBox="0 0 100 1" aria-hidden="true">
        <rect width="100" height="1" className="fill-line" />
        <rect width={good} height="1" className="fill-accent motion-safe:transition-[width] motion-safe:duration-500" />
        <rect x={good} width={wrong} height="1" className="fill-bad" />
      </svg>
    </div>
  );
}
