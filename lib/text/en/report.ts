/** How a job is reported to the operators. */
export const report = {
  label: "Report this job",
  labelOf: "Report this job: {name}",
  title: "Report “{name}”",
  lead: "The operators of this instance read your report and decide. The job goes on until they do.",
  field: "What is wrong with it?",
  hint: "One or two sentences. Its owner does not see who reported it.",
  send: "Send the report",
  cancel: "Cancel",
  close: "Close",
  sent: "Thank you. The operators have your report. You can stop computing for this job at any time.",
};
