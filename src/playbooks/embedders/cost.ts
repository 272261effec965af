import { BadInput } from "#errors.ts";

/** What embedding will take, told before it begins. Tokens are estimated from the text. */
export interface EmbeddingCost {
  passages: number;
  tokens: number;
  /** In the currency of the setting; null: no price was set. */
  amount: number | null;
}

const CHARACTERS_OF_TOKEN = 4; // of English in the tokenizers that embedding endpoints use; German takes some more
/** Above so many tokens somebody has to say yes: our own playbooks are a seventh of it. */
export const ASK_ABOVE_TOKENS = 1_000_000;

export function costOf(texts: string[], price: number | null): EmbeddingCost {
  const tokens = texts.reduce((sum, text) => sum + Math.ceil(text.length / CHARACTERS_OF_TOKEN), 0);
  return { passages: texts.length, tokens, amount: price === null ? null : (tokens / 1_000_000) * price };
}

/** The cost in words: "3,120 passages go to the embedding endpoint, about 1.2 million tokens; about 0.02 at the price that is set". */
export function costInWords({ passages, tokens, amount }: EmbeddingCost): string {
  const counted = tokens >= 1_000_000 ? `${(tokens / 1_000_000).toFixed(1)} million` : tokens.toLocaleString("en");
  const priced =
    amount === null
      ? "PERENNIAL_EMBEDDING_PRICE (of a million tokens) would tell the price"
      : `${amount < 0.01 ? "less than 0.01" : `about ${amount.toFixed(2)}`} at the price that is set`;
  return `${passages.toLocaleString("en")} passages go to the embedding endpoint, about ${counted} tokens; ${priced}`;
}

/** Throws BadInput with the cure where nobody was there to say yes to a large run. */
export function refuseUnasked(cost: EmbeddingCost): void {
  if (cost.tokens <= ASK_ABOVE_TOKENS) return;
  throw new BadInput(
    `${costInWords(cost)}. That is a large run: \`perennial ingest --yes\` does it. Nothing was sent.`,
  );
}
