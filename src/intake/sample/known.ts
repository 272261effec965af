import { type ContactCard, type Customer, contactsOf } from "./customers.ts";
import { mailName } from "./people.ts";
import type { Random } from "./random.ts";

type Known = Pick<
  Customer,
  | "name"
  | "domains"
  | "country"
  | "currency"
  | "segment"
  | "industry"
  | "employees"
  | "ownerId"
  | "leadSource"
  | "plan"
  | "crmStage"
> &
  Partial<Pick<Customer, "aliases" | "parentId" | "tags">> & { people?: [name: string, title: string][] };

/** A customer of whom the story gives all that counts. The people given by name come first; the others are drawn. */
export function known({ people = [], ...given }: Known): (id: string, random: Random) => Customer {
  return (id, random) => {
    const domain = given.domains[0] ?? "nowhere.example";
    const drawn = contactsOf(random, { id, domain, country: given.country ?? "US", count: Math.max(2, people.length) });
    const contacts = drawn.map((contact, at) => introduced(contact, people[at], domain));
    return { aliases: [], parentId: null, tags: [], ...given, id, contacts };
  };
}

function introduced(contact: ContactCard, person: [string, string] | undefined, domain: string): ContactCard {
  if (!person) return { ...contact, optOut: false };
  const [name, title] = person;
  return { ...contact, name, title, email: `${mailName(name)}@${domain}`, optOut: false };
}
