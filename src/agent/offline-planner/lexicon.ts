/** Words that are never part of an account's name in a question: grammar, and our own subject. */
const GRAMMAR =
  "a an the this that these those and or but not no of in on at to for from with without by as is are was were be been being do does did has have had having can could may might must shall should will would i me my mine we us our ours you your yours they them their theirs it its he she him her his one ones what which who whom whose when where why how if then than so too also just only even still yet there here all any some each every both more most less least much many few other another same such own very really please pls plz kindly thanks thank thx cheers hi hello hey ok okay now today current currently right about regarding concerning into over under up down out off again next last latest recent new old per via let get got give gives given tell tells told show shows shown see look looks find list know need needs want wants like go going make makes happen happens happened happening think say says said ask compare versus vs between against actually exactly generally situation moment far long ever ago since until before after during yes sure well";
const SUBJECT =
  "account accounts customer customers client clients company companies logo logos lifecycle stage stages phase status state health healthy score mrr arr revenue renewal renewals renew renews renewing contract contracts owner owners owns owned rep manager team teams segment industry country plan plans seats seat users user nps csat ticket tickets support open urgent high low priority contact contacts opportunity opportunities deal deals pipeline usage use used using overdue invoice invoices payment billing step steps action actions move moves do playbook playbooks advice recommend recommendation suggestion overview summary summarise summarize profile card details detail info information timeline history activity events event changes change changed different news update updates biggest largest top smallest highest lowest best worst average total sum together count number crm data facts fact evidence reason reasons because risk happy doing brief quick quickly handle manage churn churned churning bring brings come comes earn earns hold holds exist exists currently worry stand stands everything anything something things thing";

export const KNOWN_WORDS: ReadonlySet<string> = new Set(`${GRAMMAR} ${SUBJECT}`.split(" "));

/** Whether a word cannot be a name by itself. */
export const isKnownWord = (word: string): boolean =>
  KNOWN_WORDS.has(
    word
      .toLowerCase()
      .replace(/'s$|[^\p{L}\p{N}#]+$/gu, "")
      .replace(/^[^\p{L}\p{N}#]+/u, ""),
  );
