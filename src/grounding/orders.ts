/** Words by which a text speaks to a machine that reads it, and not to people. */
const ORDERS = [
  /\b(?:ignore|disregard|override|bypass|forget)\s+(?:(?:all|any|of|your|these|those|the|my|previous|prior|earlier|above|other)\s+){1,4}(?:rules?|instructions?|prompts?|guidelines?|guardrails?|restrictions)\b/i,
  /\bsystem prompt\b|\[system[ _]?(?:message|prompt)?\]|^\W*system\s*:|<\/?(?:customer_text|system|instructions?)>/im,
  /\b(?:instructions?|polic(?:y|ies)|rules?|orders?|commands?) for (?:the |this |any )?(?:ai\b|assistant|chatbot|language model|agent reading)/i,
  /\b(?:do not|don['’]?t|never) (?:tell|mention|show|reveal)\b.{0,40}\b(?:this|these|the) (?:note|message|instructions?|line|text|ticket|mail)\b/i,
  /\byou are (?:now )?(?:an? |the )?(?:ai\b|(?:ai )?(?:assistant|agent)\b|chatbot\b|language model\b)/i,
  /\b(?:ai|assistant|chatbot|bot|language model)s?\s*[,:]\s*(?:please )?(?:send|reveal|print|list|offer|say|write|post|mail|email|tell|answer|reply|end|begin|add|ignore|confirm|do)\b/i,
];

/** Whether a text gives orders to whatever machine reads it. Such a text proves nothing, and no answer may rest on it. */
export const ordersTheMachine = (text: string): boolean => {
  const plain = text.normalize("NFKC").replace(/[\u200b-\u200f\u2060\ufeff]/g, "");
  return ORDERS.some((each) => each.test(plain.replace(/\s+/g, " ")));
};

/** A finding's words without each line, and each whole quotation, that gives such orders. */
export function withoutOrders(words: string): string {
  if (!ordersTheMachine(words)) return words;
  const blocks = words.match(/(?:^>.*(?:\n|$))+|^.*(?:\n|$)/gm) ?? [];
  return blocks.filter((block) => !ordersTheMachine(block)).join("");
}
