import { mailName, VENDOR } from "#intake/sample/people.ts";
import type { PersonKind } from "./shapes.ts";
import { World, type WorldOptions } from "./world.ts";

/** People of the sample company as its Slack knows them; the names and addresses are those of its CRM. */
const PEOPLE: { name: string; title: string; tz: string; kind?: PersonKind }[] = [
  { name: "Owen Fairclough", title: "Sales, EMEA", tz: "Europe/London" },
  { name: "Ingrid Sandoval", title: "VP Sales", tz: "America/New_York", kind: "admin" },
  { name: "Camille Duret", title: "Sales, EMEA", tz: "Europe/Paris" },
  { name: "Saskia Vermeulen", title: "Account manager, EMEA", tz: "Europe/Amsterdam" },
  { name: "Tasha Whitlock", title: "Sales, Americas", tz: "America/Chicago" },
  { name: "Lukas Brandl", title: "Sales, DACH", tz: "Europe/Berlin" },
  { name: "Priya Raghunathan", title: "Account manager, Enterprise", tz: "Asia/Kolkata" },
  { name: "Halima Njoroge", title: "Support lead", tz: "Africa/Nairobi" },
  { name: "Jonas Petrov", title: "Support", tz: "Europe/Berlin" },
];
const LEFT = "Bea Lindqvist";

/** Fixed, so that the same people and channels are found again in the database at the next start. */
const TAG = "LARK";

/** The sample company's Slack, with Perennial installed: every kind of person and channel there is. */
export function worldWithLarkspur(options: WorldOptions = {}): World {
  const world = new World({ tag: TAG, ...options, app: { unfurlDomains: [`crm.${VENDOR.domain}`], ...options.app } });
  const team = world.addTeam({ name: VENDOR.name, domain: "larkspur" }).id;
  const person = (name: string, more: { title?: string; tz?: string; kind?: PersonKind } = {}): string =>
    world.addUser({ team, name, email: `${mailName(name)}@${VENDOR.domain}`, ...more }).id;
  const staff = PEOPLE.map(({ name, ...more }) => person(name, more));
  const [owen = "", ingrid = ""] = staff;
  const gone = person(LEFT, { title: "Sales, EMEA", tz: "Europe/Stockholm" });
  world.user(gone).deleted = true;
  const guest = world.addUser({
    team,
    name: "Noor Haddad",
    email: "noor@haddad-consulting.example",
    kind: "guest",
    tz: "Europe/Berlin",
    title: "Consultant",
  }).id;
  const otherBot = world.addUser({ team, name: "Standup Bot", kind: "bot" }).id;
  const stranger = northbeam(world);
  const bot = world.installations.install(team, { by: ingrid }).botUserId;

  const sales = staff.slice(0, 7);
  const support = [owen, ...staff.slice(7)];
  world.addChannel({
    team,
    name: "sales",
    members: [...sales, bot, otherBot],
    topic: "Deals, accounts and what helps",
  });
  world.addChannel({
    team,
    name: "support",
    members: [...support, bot],
    topic: "Tickets that need a second pair of eyes",
  });
  world.addChannel({ team, name: "leadership", kind: "group", members: [ingrid, ...staff.slice(7, 8), bot] });
  world.addChannel({ team, name: "renewals", members: [...sales, guest, bot], topic: "What ends soon" });
  const shared = world.addChannel({
    team,
    name: "shared-northbeam",
    members: [owen, ingrid, ...staff.slice(2, 4), bot],
  });
  world.shareExternally(shared.id, world.user(stranger).team_id, [stranger]);
  const old = world.addChannel({ team, name: "old-launch", members: [owen, ingrid, bot] });
  world.archive(ingrid, old.id);
  for (const id of [...staff, guest]) world.directMessage(id, bot);
  return world;
}

/** A customer with whom a channel is shared, and somebody who works there. */
function northbeam(world: World): string {
  const team = world.addTeam({ name: "Northbeam Partners", domain: "northbeam" }).id;
  const user = { team, name: "Dana Whitfield", email: "dana.whitfield@northbeam.example", tz: "America/Denver" };
  return world.addUser({ ...user, title: "Operations" }).id;
}
