import { countStates, SHARD_STATES, type ShardRun, type ShardState, type StateCounts } from "#lib/domain/job/shard-map.ts";
import type { NetworkShoal } from "#lib/protocol/network/network.ts";
import type { Words } from "#lib/text/words.ts";
import { ShoalView, type Swatches } from "#lib/ui/shoal/shoal-view.ts";

/** Makes what shows the instance's school in its section, hidden as long as there is nothing to show. Null where the page has no place for it. */
export function createFrontShoal(section: HTMLElement, words: Words): ((shoal: NetworkShoal) => void) | null {
  const canvas = section.querySelector("canvas");
  const [title, caption] = [section.querySelector("[data-title]"), section.querySelector("[data-caption]")];
  if (!canvas || !title || !caption) return null;
  let view: ShoalView | null = null;
  return ({ schools }) => {
    section.hidden = schools.length === 0;
    if (section.hidden) return;
    // Its swatches have no colour before the section is shown.
    view ??= new ShoalView(canvas, readSwatches(section));
    view.show(schools.flatMap(({ jobId, runs }) => runs.flatMap((run) => toMarks(jobId, run))));
    const { text, fill } = words;
    const jobs = new Intl.ListFormat(words.language).format(schools.map(({ name }) => name));
    const counts = countStates(schools.flatMap(({ runs }) => runs));
    const isMoving = counts.waiting + counts.granted + counts.reported > 0;
    title.textContent = isMoving ? text.home.shoal.title : text.home.shoal.titleEnded;
    caption.textContent = fill(isMoving ? text.home.shoal.caption : text.home.shoal.ended, { jobs });
    canvas.setAttribute("aria-label", fill(text.home.shoal.label, { all: sum(counts), jobs, counts: sayCounts(words, counts) }));
    showLegend(section, words, counts);
  };
}

function readSwatches(section: HTMLElement): Swatches {
  return Object.fromEntries([...section.querySelectorAll("[data-state]")].map((element) => [element.getAttribute("data-state"), element])) as Swatches;
}

/** One mark for each shard. A device is known by what the instance calls it within the job. */
function toMarks(jobId: string, { state, fromNo, toNo, swimmer }: NetworkShoal["schools"][number]["runs"][number]): ShardRun[] {
  return Array.from({ length: toNo - fromNo }, (_, i) => ({
    state,
    fromNo: fromNo + i,
    toNo: fromNo + i + 1,
    ...(swimmer ? { device: `dev_${jobId}${swimmer}` as const } : {}),
  }));
}

function showLegend(section: HTMLElement, { format }: Words, counts: StateCounts): void {
  for (const place of section.querySelectorAll<HTMLElement>("[data-legend]")) {
    const count = counts[place.dataset.legend as ShardState];
    place.hidden = count === 0;
    const number = place.querySelector("[data-count]");
    if (number) number.textContent = format.number(count);
  }
}

function sayCounts({ text, format, language }: Words, counts: StateCounts): string {
  const present = SHARD_STATES.filter((state) => counts[state] > 0).toReversed();
  return new Intl.ListFormat(language, { type: "unit" }).format(present.map((state) => `${format.number(counts[state])} ${text.home.shoal.states[state]}`));
}

function sum(counts: StateCounts): number {
  return Object.values(counts).reduce((all, count) => all + count, 0);
}
