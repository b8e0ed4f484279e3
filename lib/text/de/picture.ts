/** Bilder, die Programme machen. */
export const picture = {
  broken: "Das Bild lässt sich nicht lesen.",
  title: "Das Bild bis jetzt",
  label: "{job}, soweit es geprüft ist",
  none: "Noch ist kein Teil davon geprüft. Es erscheint hier, während es wächst.",
  growing: "{accepted, number} von {all, number} Teilen sind geprüft.",
  whole: "Alle {all, number} Teile sind geprüft.",
  provisional: "Teile davon, die noch zurückgenommen werden können: {open, number}.",
};
