import type { Catalogue } from "../catalogue.ts";

export const report: Catalogue["report"] = {
  label: "Diesen Job melden",
  labelOf: "Diesen Job melden: {name}",
  title: "„{name}“ melden",
  lead: "Die Betreiber dieser Instanz lesen deine Meldung und entscheiden. Bis dahin läuft der Job weiter.",
  field: "Was stimmt daran nicht?",
  hint: "Ein, zwei Sätze. Sein Auftraggeber erfährt nicht, wer ihn gemeldet hat.",
  send: "Meldung senden",
  cancel: "Abbrechen",
  close: "Schließen",
  sent: "Danke. Die Betreiber haben deine Meldung. Du kannst jederzeit aufhören, für diesen Job zu rechnen.",
};
