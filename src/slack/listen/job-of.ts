import type { Context } from "@slack/bolt";
import type { Job } from "../job.ts";

/** The job that the worker gave with the event. Without one nothing could be answered once only, so it is an error. */
export function jobOf(context: Context): Job {
  const { job } = context as { job?: Job }; // the worker's custom property; Bolt's context is open to any
  if (!job) throw new Error("an event reached a listener without its job: it did not come from the worker");
  return job;
}
