interface Conversation {
  what: string;
  /** What she says, one after the other in one thread. */
  says: string[];
}

/** What a support lead asks on a bad day. The last three end in an honest no. */
export const CONVERSATIONS: Conversation[] = [
  {
    what: "Everything is down",
    says: [
      "everything is down and the phones are ringing off the hook, what do we tell customers?",
      "and what do I write them afterwards?",
    ],
  },
  {
    what: "Angry, after a second outage",
    says: [
      "how do I calm a customer who threatens to cancel because of repeated outages?",
      "and if they still want to leave?",
    ],
  },
  {
    what: "One account, one bad morning",
    says: ["Clearforge Media is furious about their tickets, what do I do?", "what do I write them?"],
  },
  {
    what: "A ticket that will not close",
    says: ["a ticket has been open for three weeks and they ask for news every day", "what do I write?"],
  },
  {
    what: "A missing function",
    says: [
      "customer says they will leave because we cannot do single sign-on, feature is missing",
      "what do I say to them?",
    ],
  },
  { what: "A bad rating", says: ["we got a 1 star rating after a ticket was closed, who calls them?"] },
  {
    what: "The champion has gone",
    says: ["the champion at Acme GmbH has left, the new one does not know us. what now?", "in German?"],
  },
  { what: "Seats that nobody uses", says: ["they noticed that they pay for 40 seats nobody uses and want money back"] },
  { what: "A failed payment", says: ["customer is cut off because their card expired and now they shout at support"] },
  { what: "No: a certificate", says: ["which forklift certification do our drivers need?"] },
  { what: "No: a tax", says: ["how do we charge VAT to a client in Switzerland?"] },
  { what: "No: something of our own", says: ["how do I record a new greeting for the support phone line?"] },
];

export const PICTURED = {
  says: "how do I calm a customer who threatens to cancel because of repeated outages?",
  until: "From the playbooks",
};
