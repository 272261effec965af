import { z } from "zod";
import { finishPosting, notePosting, startPosting } from "#inbox/inbox.ts";
import { SlackFault, slackFault } from "../faults.ts";
import type { PostDesk } from "./desk.ts";
import { findFile } from "./look-up.ts";
import type { Place } from "./once.ts";
import { isSlacks } from "./response-url.ts";

const upload = z.object({ upload_url: z.string(), file_id: z.string() });

export interface OutgoingFile {
  name: string;
  title: string;
  /** Text, or the bytes of a picture. */
  content: string | Uint8Array;
  text: string;
  /** A picture in words, for those who cannot see it. */
  alt?: string | undefined;
}

/** Shares a file once: its id is noted before it is shared, so that an earlier attempt is found by it. */
export async function shareOnce(desk: PostDesk, part: string, place: Place, file: OutgoingFile): Promise<void> {
  const { database, claimed } = desk;
  const begun = await startPosting(database, claimed, part, place);
  if (begun.state === "sent") return;
  const earlier = begun.state === "unsure" ? begun.ts : null;
  const id = earlier ?? (await sendUp(desk, file));
  if (!earlier) await notePosting(database, claimed, part, id);
  const since = begun.state === "unsure" ? begun.since : new Date().toISOString();
  if (!earlier || !(await findFile(desk, id, place, since))) await share(desk, id, place, file, since);
  await finishPosting(database, claimed, part, id);
}

async function sendUp({ calls, apiUrl, timing }: PostDesk, { name, content, alt }: OutgoingFile): Promise<string> {
  const bytes = Buffer.from(content);
  const described = { filename: name, length: bytes.length, ...(alt ? { alt_txt: alt } : {}) };
  const to = upload.parse(await calls.again("files.getUploadURLExternal", described));
  if (!isUploadAddress(to.upload_url, apiUrl)) throw slackFault("invalid_upload_url");
  const response = await fetch(to.upload_url, {
    method: "POST",
    body: bytes,
    redirect: "error",
    signal: AbortSignal.timeout(timing.call),
  }).catch((cause: unknown) => {
    throw slackFault("service_unavailable", cause);
  });
  if (!response.ok) throw slackFault("service_unavailable", `upload: HTTP ${response.status}`);
  return to.file_id;
}

async function share(desk: PostDesk, id: string, place: Place, file: OutgoingFile, since: string): Promise<void> {
  try {
    await desk.calls.once("files.completeUploadExternal", {
      files: [{ id, title: file.title }],
      channel_id: place.channel,
      ...(place.thread ? { thread_ts: place.thread } : {}),
      initial_comment: file.text,
    });
  } catch (error) {
    if (!(error instanceof SlackFault) || !error.unsure) throw error;
    await desk.calls.pause(desk.timing.settle);
    if (!(await findFile(desk, id, place, since))) throw error;
  }
}

/** Slack takes files at files.slack.com; the playground at its own address. */
const isUploadAddress = (address: string, apiUrl: string): boolean =>
  isSlacks(address, apiUrl) || (URL.canParse(address) && /^https:\/\/files\.slack(-gov)?\.com\//.test(address));
