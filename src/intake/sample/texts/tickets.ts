/** What customers write to support. Places in braces are filled from `PLACES`. */
export interface TicketText {
  kind:
    | "bug"
    | "question"
    | "billing"
    | "integration"
    | "performance"
    | "access"
    | "outage"
    | "feature_request"
    | "onboarding"
    | "data";
  subject: string;
  body: string;
}

const about = (kind: TicketText["kind"], texts: [subject: string, body: string][]): TicketText[] =>
  texts.map(([subject, body]) => ({ kind, subject, body }));

export const TICKET_TEXTS: TicketText[] = [
  ...about("bug", [
    [
      "Booked desk shows as free on the {site} floor plan",
      "{count} of us booked desks on {weekday} and the plan still shows them green. Two people ended up at the same desk.",
    ],
    [
      "Shift swap stays in 'requested' after both accepted",
      "Both colleagues pressed accept, but the swap is still open and the old roster went to print for {site}.",
    ],
    [
      "Room display in {site} is one hour behind",
      "Since the change of the clocks the panel by the door shows meetings an hour early. The app has it right.",
    ],
    [
      "Repeating booking loses its last week",
      "A weekly booking over {count} weeks ends one week too soon. We tried it twice with the same result.",
    ],
    [
      "Mobile app closes when I open {feature}",
      "Happens on three phones here, all with the newest app. {feature} opens for a second, then the app is gone.",
    ],
    [
      "Export of {feature} has the columns swapped",
      "Start and end are swapped in the file, so our payroll run failed this morning.",
    ],
    [
      "Reminder mails arrive twice",
      "Everybody in {site} gets each reminder two times, a minute apart. People start to ignore them.",
    ],
    [
      "Floor plan upload turns the picture on its side",
      "Our plan of {site} is wide, after the upload it is tall. We cannot place the {count} desks.",
    ],
  ]),
  ...about("question", [
    [
      "How do we limit bookings to two days a week?",
      "Our new policy allows two desk days per person. Where do we set this for {count} people at once?",
    ],
    [
      "Can a team lead book for somebody else?",
      "Our leads in {site} want to book for visitors. Is that a right we can give, or only for admins?",
    ],
    [
      "Where do I see who was in the office on {weekday}?",
      "We need the list for a fire drill report. I found {feature} but not the names.",
    ],
    [
      "Can one person belong to two sites?",
      "Some of us split the week between {site} and a second office. Which of the two does the roster take?",
    ],
    [
      "What happens to bookings when a colleague leaves?",
      "{count} people leave at the end of the month. Are their bookings freed by themselves?",
    ],
    [
      "Is there a view for facility staff only?",
      "Our cleaners need to know which rooms were used, nothing else. Can {feature} be cut down like that?",
    ],
  ]),
  ...about("billing", [
    [
      "Invoice shows more seats than we have",
      "We counted {count} seats fewer than billed. Could you check since when, and correct the next one?",
    ],
    [
      "VAT number missing on our invoice",
      "Our accountants send the invoice back without it. Please add it and issue the invoice again.",
    ],
    [
      "Change of card before the next payment",
      "Our company card was replaced. Where do I put the new one so that the payment goes through?",
    ],
    [
      "Can we pay by bank transfer instead?",
      "Finance no longer accepts card payments. What do you need from us to change that?",
    ],
    [
      "Payment failed although the card is valid",
      "We got a mail that the payment failed. Our bank says that nothing was refused on their side.",
    ],
    [
      "Purchase order number on the invoice",
      "From now on we need our order number on each invoice, otherwise it is not paid.",
    ],
  ]),
  ...about("integration", [
    [
      "Calendar sync with {tool} stopped on {weekday}",
      "New meetings do not reach the room panels since then. We reconnected {tool} once, it held for an hour.",
    ],
    [
      "Single sign-on refuses new colleagues",
      "{count} people who started this week get 'not assigned'. Everybody else signs in as before.",
    ],
    [
      "{tool} connection asks for admin consent each day",
      "I gave consent, it works, and the next morning the same screen is back.",
    ],
    [
      "Badge reader events come in late",
      "Check-ins from the {site} door arrive up to two hours late, and desks are released in the meantime.",
    ],
    [
      "Webhook sends the same event again and again",
      "Our side answers 200, still we got one booking {count} times. We had to switch it off.",
    ],
    [
      "People sync removed a whole department",
      "After last night's sync from {tool} the department has no members. The source still has all {count}.",
    ],
  ]),
  ...about("performance", [
    [
      "{feature} takes half a minute to open",
      "In the morning, when all of {site} opens it at once. After ten it is fine.",
    ],
    [
      "Search for colleagues is slow",
      "Typing a name takes five seconds a letter since the last update. {count} people have told me.",
    ],
    [
      "Roster with {count} people does not finish loading",
      "It turns and turns, then the page says try again. Smaller rosters open.",
    ],
    [
      "Reports time out for the whole quarter",
      "One month works, a quarter does not. We need it for the board on {weekday}.",
    ],
  ]),
  ...about("access", [
    [
      "Cannot sign in after password change",
      "I changed my password on {weekday}, the reset mail does not arrive. I am the only admin in {site}.",
    ],
    [
      "Admin left the company, nobody can add users",
      "Our admin left last week. Please tell us how another person gets the rights.",
    ],
    [
      "New colleagues see the wrong site",
      "{count} new people see a site they do not work in and cannot switch to {site}.",
    ],
    ["Guest link has expired too early", "The link was to be valid until {weekday}. Visitors stood at the door."],
  ]),
  ...about("outage", [
    [
      "Nobody can check in, whole office affected",
      "Since this morning all of {site} gets an error page. We have {count} people standing at reception.",
    ],
    ["Room panels are all black", "Every panel in {site} lost the connection at the same time. Is this on your side?"],
    [
      "Everything down again?",
      "Second time in a month. I need a time by which it works, and what you do so that it does not happen again.",
    ],
    [
      "Lost bookings after yesterday's outage",
      "About {count} bookings that were there before the outage are gone. People come to work without a desk.",
    ],
  ]),
  ...about("feature_request", [
    ["Please add parking spaces", "We would like to book the {count} parking spaces in {site} the same way as desks."],
    [
      "Rosters that respect rest hours",
      "By law there have to be eleven hours between shifts. {feature} should warn us.",
    ],
    [
      "Dark mode for the room panels",
      "The panels are too bright in the evening. A small thing, but people ask for it every week.",
    ],
    [
      "Lunch booking together with the desk",
      "Our canteen wants to know how many come. Could a desk booking ask for lunch?",
    ],
  ]),
  ...about("onboarding", [
    [
      "Import of our people list fails on line {count}",
      "The file comes straight from {tool}. The message only says 'invalid row'.",
    ],
    [
      "Which rights does a site manager need?",
      "We are setting up {site} and do not want to give too much. Is there a list that you recommend?",
    ],
    [
      "First invitations went to the wrong address",
      "Half of the invitations went to old addresses. Can they be called back and sent again?",
    ],
    ["Help with the first floor plan", "We have a PDF of {site} from the architect. In what form do you need it?"],
  ]),
  ...about("data", [
    [
      "How long do you keep check-in data?",
      "Our works council asks for it in writing, with the place where the data is stored.",
    ],
    ["Please delete the data of a former colleague", "We got a request for erasure. Please confirm when it is done."],
    [
      "Numbers in {feature} differ from the export",
      "The page says {count}, the export has three fewer. Which one is right?",
    ],
  ]),
];

export const PLACES = {
  site: [
    "Riverside",
    "the head office",
    "Building C",
    "the warehouse",
    "Harbour Street",
    "the new campus",
    "Plant 2",
    "the ground floor",
    "the airport branch",
    "the lab wing",
  ],
  feature: [
    "the weekly roster",
    "the floor plan",
    "the occupancy report",
    "the shift board",
    "the visitor list",
    "the team calendar",
    "the desk policy page",
  ],
  tool: ["Outlook", "Google Calendar", "our HR system", "the directory", "the badge system", "our identity provider"],
  weekday: ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"],
};
