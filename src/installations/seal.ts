import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { BadInput } from "#errors.ts";

/** Keys for tokens, newest first: the first one seals, each opens what it sealed. 32 bytes each. */
export type TokenKeys = readonly { id: string; key: Buffer }[];

/** A text that only the key with this id opens, and only for the owner it was sealed for. */
export interface Sealed {
  keyId: string;
  /** Nonce, tag and ciphertext, base64url, with dots between. */
  text: string;
}

/** Whose text it is: a token copied into another team's row, or into another place of its own, does not open. */
export interface Owner {
  teamId: string;
  place: "bot" | "user";
}

const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Seals a text with the newest key. Throws BadInput where there is none. */
export function seal(keys: TokenKeys, owner: Owner, plain: string): Sealed {
  const [newest] = keys;
  if (!newest)
    throw new BadInput(
      "PERENNIAL_TOKEN_KEYS is not set, so Slack's tokens cannot be kept safely. Set it to an id and 32 random bytes in base64, such as k1:… (openssl rand -base64 32).",
    );
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, checked(newest), nonce, { authTagLength: TAG_BYTES }).setAAD(boundTo(owner));
  const text = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  return {
    keyId: newest.id,
    text: [nonce, cipher.getAuthTag(), text].map((part) => part.toString("base64url")).join("."),
  };
}

/** Opens what was sealed for this owner. Throws BadInput that names the key where it is missing or is another one. */
export function open(keys: TokenKeys, owner: Owner, sealed: Sealed): string {
  const known = keys.find(({ id }) => id === sealed.keyId);
  if (!known)
    throw new BadInput(
      `The Slack token of team ${owner.teamId} was sealed with the key “${sealed.keyId}”, which PERENNIAL_TOKEN_KEYS does not have. Put that key back, after the newest one, or let the team install again.`,
    );
  const [nonce, tag, text] = sealed.text.split(".").map((part) => Buffer.from(part, "base64url"));
  try {
    const decipher = createDecipheriv(CIPHER, checked(known), nonce!, { authTagLength: TAG_BYTES })
      .setAAD(boundTo(owner))
      .setAuthTag(tag!);
    return Buffer.concat([decipher.update(text!), decipher.final()]).toString("utf8");
  } catch (cause) {
    if (cause instanceof BadInput) throw cause;
    throw new BadInput(
      `The Slack token of team ${owner.teamId} does not open with the key “${sealed.keyId}” of PERENNIAL_TOKEN_KEYS: that id had another key when it was sealed, or the stored token was changed. Put the earlier key back, or let the team install again.`,
      { cause },
    );
  }
}

const boundTo = ({ teamId, place }: Owner): Buffer => Buffer.from(`${teamId}/${place}`, "utf8");

function checked({ id, key }: TokenKeys[number]): Buffer {
  if (key.length === 32) return key;
  throw new BadInput(
    `The key “${id}” of PERENNIAL_TOKEN_KEYS has ${key.length} bytes; it must have 32 (openssl rand -base64 32).`,
  );
}
