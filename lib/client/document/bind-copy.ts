const SHOWN_MS = 2000;

/** Makes the buttons beside code (`data-copy` inside `data-code`) copy it as it stands, and say for two seconds that they did. */
export function bindCopy(): void {
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>("[data-copy]") : null;
    if (button) void copy(button);
  });
}

async function copy(button: HTMLElement): Promise<void> {
  const label = button.querySelector("span");
  if (!label || button.hasAttribute("data-done")) return;
  await navigator.clipboard.writeText(button.closest("[data-code]")?.querySelector("pre")?.textContent ?? "");
  const before = label.textContent;
  button.toggleAttribute("data-done", true);
  label.textContent = button.dataset.said ?? before;
  setTimeout(() => {
    button.toggleAttribute("data-done", false);
    label.textContent = before;
  }, SHOWN_MS);
}
