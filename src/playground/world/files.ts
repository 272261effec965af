import { extname } from "node:path";
import { secret } from "./ids.ts";
import type { Channel, SlackFile, User } from "./shapes.ts";
import { SlackError } from "./slack-error.ts";
import type { World } from "./world.ts";

const MIME: Record<string, string> = {
  csv: "text/csv",
  txt: "text/plain",
  md: "text/markdown",
  json: "application/json",
  pdf: "application/pdf",
  png: "image/png",
  jpg: "image/jpeg",
};

interface Upload {
  name: string;
  length: number;
  by: string;
  content: Buffer | null;
}

/** Files: an address is asked for, the bytes are sent there, and then the file is shared in a channel. */
export class Files {
  readonly #world: World;
  readonly #uploads = new Map<string, Upload & { id: string }>();
  readonly #files = new Map<string, { file: SlackFile; content: Buffer }>();
  constructor(world: World) {
    this.#world = world;
  }

  /** The file's id, and the secret last part of the address to send it to. */
  begin(by: User, name: string, length: number): { id: string; ticket: string } {
    const [id, ticket] = [this.#world.ids.next("F"), secret()];
    this.#uploads.set(ticket, { id, name, length, by: by.id, content: null });
    return { id, ticket };
  }

  /** The bytes. Throws SlackError not_found, or file_upload_size_mismatch where they are not as many as were announced. */
  receive(ticket: string, content: Buffer): void {
    const upload = this.#uploads.get(ticket);
    if (upload === undefined) throw new SlackError("not_found");
    if (upload.length !== content.length) throw new SlackError("file_upload_size_mismatch");
    upload.content = content;
  }

  /** Throws SlackError file_not_found where no bytes have come. */
  complete(id: string, title: string | undefined): SlackFile {
    const upload = this.#uploads.values().find((each) => each.id === id);
    if (upload?.content === null || upload === undefined) throw new SlackError("file_not_found");
    return this.add(this.#world.user(upload.by), { id, name: upload.name, title, content: upload.content });
  }

  /** A file that is simply there, as when a person drops one. */
  add(by: User, given: { id?: string; name: string; title?: string | undefined; content: Buffer }): SlackFile {
    const id = given.id ?? this.#world.ids.next("F");
    const filetype = extname(given.name).slice(1) || "binary";
    const seconds = Math.floor(this.#world.now() / 1000);
    const file: SlackFile = {
      id,
      created: seconds,
      timestamp: seconds,
      name: given.name,
      title: given.title ?? given.name,
      mimetype: MIME[filetype] ?? "application/octet-stream",
      filetype,
      user: by.id,
      size: given.content.length,
      mode: "hosted",
      is_external: false,
      is_public: false,
      channels: [],
      groups: [],
      ims: [],
      url_private: `/files-pri/${id}/${encodeURIComponent(given.name)}`,
      url_private_download: `/files-pri/${id}/download/${encodeURIComponent(given.name)}`,
      permalink: `/files/${by.id}/${id}/${encodeURIComponent(given.name)}`,
    };
    this.#files.set(id, { file, content: given.content });
    return file;
  }

  /** Notes where it can be seen. */
  share(file: SlackFile, channel: Channel): void {
    const list = channel.kind === "channel" ? file.channels : channel.kind === "im" ? file.ims : file.groups;
    if (!list.includes(channel.id)) list.push(channel.id);
    file.is_public ||= channel.kind === "channel";
  }

  /** Throws SlackError file_not_found. */
  get(id: string): { file: SlackFile; content: Buffer } {
    const found = this.#files.get(id);
    if (found === undefined) throw new SlackError("file_not_found");
    return found;
  }

  /** Whether somebody is in a channel in which it was shared, or sent it. */
  isVisible(id: string, userId: string): boolean {
    const { file } = this.get(id);
    const places = [...file.channels, ...file.groups, ...file.ims];
    return file.user === userId || places.some((place) => this.#world.channels.get(place)?.members.has(userId));
  }
}
