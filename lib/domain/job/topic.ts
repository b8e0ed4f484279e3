/** How long the topic of a job may be; it has a file of its own because pages that know nothing else of jobs check topics too. */
export const TOPIC_CHARS_MAX = 40;
