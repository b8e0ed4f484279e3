/** Pictures that programs make. */
export const picture = {
  broken: "The picture cannot be read.",
  title: "The picture so far",
  label: "{job}, as far as it is verified",
  none: "No part of it is verified yet. It appears here as it grows.",
  growing: "{accepted, number} of {all, number} parts are verified.",
  whole: "All {all, number} parts are verified.",
  provisional: "Parts of it that may still be taken back: {open, number}.",
};
