/** Subjects and first lines of the mails and calls between customers and the team. */
export interface MailText {
  subject: string;
  body: string;
}

const mails = (texts: [subject: string, body: string][]): MailText[] =>
  texts.map(([subject, body]) => ({ subject, body }));

/** By the kind of the interaction; a kind that is not here carries no text (clicks, visits). */
export const MAIL_TEXTS: Record<string, MailText[]> = {
  question: mails([
    [
      "Does it work with our shift rules?",
      "We plan three shifts with fixed rest hours. Can the roster do that, or do we have to check by hand?",
    ],
    [
      "How long does a rollout take?",
      "We are two sites and would like to start with one. What do companies of our size need until everybody uses it?",
    ],
    [
      "Where is the data stored?",
      "Before we go on, our data protection officer asks where the data lies and who can see it.",
    ],
    [
      "Comparison with our current tool",
      "We use spreadsheets and a calendar today. What would be different for the people at reception?",
    ],
    [
      "What does it cost for a company like ours?",
      "Could you send us the price for our size, with yearly payment, and what is not included?",
    ],
  ]),
  form: mails([
    [
      "Contact form: please call back",
      "We are looking for something that plans desks and shifts together. Afternoon is best.",
    ],
  ]),
  reply: mails([
    [
      "Re: How is it going?",
      "Thank you for asking. All in all it runs; two colleagues would like a short refresher on the roster.",
    ],
    ["Re: Your next review", "Next week suits us, best in the morning. We would like to see the occupancy figures."],
    ["Re: Tips for the new floor plan", "That helped, the plan is in. Reception says the mornings are calmer now."],
    ["Re: Seats for the new team", "We are not sure yet how many start in spring. I will come back to you."],
    ["Re: Checking in", "A busy time here, sorry for the late answer. Nothing is burning."],
    ["Re: What is new this month", "The visitor list looks useful. Can we switch it on for one site only?"],
  ]),
  check_in: mails([
    ["How is it going?", "I wanted to hear how the teams get on with the roster, and whether anything is in the way."],
    ["Your next review", "It is time for our regular look at the figures. Which day would suit you?"],
    [
      "Tips for the new floor plan",
      "Three things that other sites of your size do differently. The second one saves reception the most time.",
    ],
    ["Checking in", "We have not spoken for a while. Is there something that we should know?"],
    [
      "What is new this month",
      "The visitor list can now be cut down to what facility staff need. Shall I show it to you?",
    ],
  ]),
  answer: mails([
    [
      "Answer to your question",
      "Yes, it can do that. I have written down the steps and added a page with the details.",
    ],
    [
      "What it would look like for you",
      "Here is the plan for a start with one site, week by week, and who is needed when.",
    ],
  ]),
  demo: mails([
    [
      "Demo with the team",
      "Shown: floor plan, roster, rights. Asked about: the calendar connection, the works council, the time until start.",
    ],
  ]),
  proposal: mails([
    ["Our proposal", "As discussed: seats, plan, term, the rollout in two steps and what is included."],
  ]),
  kickoff: mails([["Kick-off", "Goals, people, dates. First site in two weeks, training in week three."]]),
  training: mails([["Training for site managers", "Roster, swaps, reports. Open: rights for the team leads."]]),
  review: mails([
    ["Business review", "Looked at use per site, open wishes and the plans for next year."],
    [
      "Quarterly review",
      "Use is steady. Wish: rest hours in the roster. Next step: an adoption plan for the second site.",
    ],
  ]),
  call: mails([
    ["Call", "Short call about the last ticket and the next dates."],
    ["Call", "Spoke about seats for the next quarter; they will come back after their budget round."],
  ]),
  renewal_talk: mails([
    ["Renewal: where we stand", "Went through use, price and term. They want to go on; finance checks the term."],
  ]),
  payment_reminder: mails([
    [
      "Your payment did not go through",
      "The payment for the last invoice failed. Here is the link to put in another card.",
    ],
  ]),
  exit_mail: mails([
    [
      "What we could have done better",
      "You are leaving us, and I would like to understand why. Would you give me ten minutes?",
    ],
  ]),
  win_back: mails([
    [
      "What has changed since you left",
      "Two of the things that you missed are in the product now. May I show them to you?",
    ],
  ]),
};

export const PRICING_QUESTION: MailText = {
  subject: "Prices for 60 seats",
  body: "Could you send us the prices for 60 seats, monthly and yearly, and what training costs? We decide this month.",
};
