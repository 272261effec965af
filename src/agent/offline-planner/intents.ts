/** What a question about one account wants, and the tool that tells it. All that match are answered. */
export interface Intent {
  tool: "why_this_stage" | "next_steps" | "account_overview" | "account_timeline" | "what_changed" | "find_account";
  pattern: RegExp;
  /** Says nothing more once something particular is asked: "show me the timeline". */
  weak?: true;
}

export const ACCOUNT_INTENTS: Intent[] = [
  {
    tool: "next_steps",
    pattern:
      /\bnext (?:best )?(?:steps?|actions?|moves?)\b|\bwhat (?:should|shall|can|do|must|could|would|ought) (?:i|we|you) (?:\w+ )?(?:do|suggest|recommend|try|prepare)\b(?: (?:next|now|about|with|for))*|\bwhat (?:is|comes|to do|do i do|do we do|'s)? ?next\b|\bwhat (?:to do|now)\b|\b(?:recommend|suggest|advise|advice|recommendations?|suggestions?)\w*\b|\bhow (?:should|do|can|shall) (?:i|we) (?:proceed|continue|go on|move forward|keep)\b|\bto-?dos?\b|\bnext$/,
  },
  {
    tool: "what_changed",
    pattern:
      /\bwhat(?: has| have| is| did)? ?(?:been )?(?:changed?|new|different|moved|shifted)\b|\b(?:any|the|recent|latest)? ?(?:changes?|news)\b|\banything new\b|\bwhat (?:did|have) (?:i|we) miss(?:ed)?\b|\bhas (?:anything|something) changed\b/,
  },
  {
    tool: "account_timeline",
    pattern:
      /\btimeline\b|\bhistory\b|\bwhat (?:did|have|was) (?:we|i|they|you) (?:last )?(?:talk|talked|discuss|discussed|speak|spoken)\b(?: about)?(?:.*\blast\b)?|\bwhat (?:has |have )?(?:happened|been going on|went on|is going on)\b|\bthat happened\b|\b(?:recent|latest|last) (?:activit(?:y|ies)|interactions?|events?|contacts?|conversations?|meetings?|calls?|emails?)\b|\bactivit(?:y|ies)\b|\bwhen did (?:we|i|they|anyone|somebody) (?:last )?(?:talk|speak|meet|call|contact|write|hear)\w*\b(?: (?:to|with|from))?|\blast time (?:we|i)\b|\bchronolog\w+\b/,
  },
  {
    tool: "find_account",
    pattern:
      /\bwho (?:owns|is responsible for|looks after|manages|handles|is in charge of|takes care of)\b|\b(?:account )?(?:owner|account manager|csm|rep)\b(?: of| for)?|\bwhose (?:account|customer)?\b|\b(?:find|look up|search for|look for)\b|\bwhere (?:is|are)\b.*\b(?:based|located|headquartered)\b|\b(?:their |its |the )?(?:website|home ?page|domains?)\b|\bdo we (?:have|know)\b(?: an?)?(?: account| customer)?(?: called| named)?/,
  },
  {
    tool: "why_this_stage",
    pattern:
      /\b(?:what|which) (?:lifecycle )?(?:stage|phase)\b|\b(?:lifecycle )?(?:stage|phase)\b(?: of| for)?|\bwhy (?:is|are|this|that|there|was|does|do|in)\b|\bwhy\b|\bwhere (?:is|are|does|do)\b.*\b(?:lifecycle|stand)\b|\bhow do (?:you|we) know\b|\b(?:evidence|reasons?)\b(?: for)?/,
  },
  {
    tool: "account_overview",
    pattern:
      /\bhow long\b.*\b(?:customer|client|with us|been)\b|\bsince when\b|\bcustomer since\b|\b(?:a|our) (?:customer|client)\b(?: of ours)?|\boverview\b|\bsummar(?:y|ise|ize)\b.*\b(?:doing|going)\b|\bhow (?:healthy|happy|big|good|risky)\b|\b(?:brief|briefing)\b|\bprofile\b|\b(?:account )?card\b|\bhealth(?: score)?\b|\bhealthy\b|\bat risk\b|\bmrr\b|\barr\b|\brevenue\b|\bpay(?:s|ing)?\b|\bworth\b|\bnps\b|\bcsat\b|\bseats?\b|\bplan\b|\b(?:open |urgent )?tickets?\b|\b(?:open )?(?:opportunit(?:y|ies)|deals?)\b|\bcontacts?\b|\bchampion\b|\busage\b|\boverdue\b|\binvoices?\b|\brenew(?:s|al|als|ing)?(?: dates?)?\b|\bcontract\b|\bexpires?\b|\bwhen (?:is|does|do)\b.*\b(?:end|up)\b|\bcompare\b|\bfresh(?:ness)?\b|\bcancel(?:led|ling)?\b|\bcountry\b|\bindustry\b|\bsegment\b/,
  },
  {
    tool: "account_overview",
    weak: true,
    pattern:
      /\b(?:tell|inform) me (?:more |everything )?(?:about)?\b|\bhow (?:is|are)\b|\bshow me\b|\bgive me\b|\bwhat (?:about|do we know about|is known about)\b|\binfo(?:rmation)?\b(?: on| about)?|\bdetails?\b(?: on| of| about)?|\bstatus\b/,
  },
];

export const PLAYBOOK =
  /\bplaybooks?\b|\bhow (?:do|should|can|would|could|shall|to)(?: (?:i|we|you|one))? (?:best )?(?:handle|deal|respond|reply|answer|approach|convince|win|save|react|talk|calm|ask|prevent|reduce|help|prepare|bring|recover|offer|re-?engage|re-?activate|keep|stop|get|make|sell|upsell|onboard|welcome|thank|apologi[sz]e|overcome|counter|treat|motivate|revive|follow up|turn)\b|\bwhat (?:do|should|can|could|shall|would) (?:i|we|you) (?:say|write|tell|reply|answer|offer|respond)\b|\bwhat to (?:say|write|reply|answer|tell|offer)\b|\bwhat (?:do|should|to do|can) ?(?:i|we)? ?(?:do )?(?:when|if)\b|\bdo about (?:the )?(?:churn|price|prices|pricing|objections?|detractors?|silence|complaints?|cancellations?|overdue|late payments?|unused seats|bugs|outages?|discounts?)\b|\bwords to use\b|\bscript\b|\btemplate\b|\bbest practices?\b|\bobjections?\b|\btips\b|\bguidance\b/;

/** Any question for a way to do something, where no account is looked for. */
export const HOW_TO =
  /^how (?:do|can|should|would|could) (?:i|we|you|one)\b(?! (?:find|know|see|look up|search|have)\b)/;

/** Whether somebody asks how to go about something, which playbooks are for. */
export const asksHow = (question: string): boolean => {
  const asked = question.trim().toLowerCase();
  return PLAYBOOK.test(asked) || HOW_TO.test(asked);
};

/** A situation that is told rather than asked about: "customer says a competitor offered half the price". */
export const SITUATION =
  /\b(?:customers?|clients?|prospects?|champions?|sponsors?|buyers?|leads?|admins?|users|procurement)\b.{0,40}?\b(?:says?|said|tells?|told|asks? (?:for|why)|wants? (?:to (?:cancel|leave|quit|switch|downgrade|pause)|a discount|out)|complains?|complaining|threatens?|threatening|left|quit|resigned|is (?:leaving|gone|furious|angry|mad|upset|unhappy|frustrated|silent|quiet|stuck|merging)|are (?:furious|angry|upset|unhappy|leaving)|went (?:quiet|silent|dark)|gone (?:quiet|silent|dark)|stopped|refuses?|does(?:n't| not) (?:reply|answer|respond)|not (?:replying|answering|responding)|got an offer|cancell?ed|cancels)\b/;

/** "May I offer them a discount?": whether, and of what. */
export const MAY_WE =
  /\b(?:may|can|could|should|shall|am i allowed to|are we allowed to|is it (?:ok|okay|allowed|fine|right)(?: to| if)?)\b.*?\b(discounts?|rebates?|special price|price cut|time-limited offer|limited offer|exclusive offer|upsell|cross-sell|referral|refer-a-friend|reviews?|testimonials?|case study|demo|newsletter|survey|webinar|loyalty programme|retargeting|proposals?|quotes?|quotation)\b/;
/** "What about an upsell?", "and a discount?", in a talk about an account. */
export const MOVE_ABOUT =
  /^(?:(?:and|ok(?:ay)?|so|but|then)\b,? )*(?:(?:what|how) about )?(?:an? |some |the |asking (?:them )?for (?:an? )?|(?:offering|giving|sending) (?:them )?(?:an? )?)?(discounts?|rebates?|special price|price cut|time-limited offer|limited offer|upsell|cross-sell|referral|review|testimonial|case study|demo|newsletter|survey|webinar|loyalty programme|retargeting|proposal|quote|quotation)(?:,? (?:then|maybe|(?:can|may|could|should) (?:i|we)))?$/i;
/** Other words for the same move. */
export const MOVE_WORDS: Record<string, string> = {
  rebate: "discount",
  rebates: "discount",
  "special price": "discount",
  "price cut": "discount",
  "limited offer": "time-limited offer",
  "cross-sell": "upsell",
  proposals: "proposal",
  quote: "proposal",
  quotes: "proposal",
  quotation: "proposal",
};

export const STAGE_GUIDE =
  /\bexplain\b.*\b(?:stages?|phases?|lifecycle)\b|\b(?:tell me )?about the [\w-]+ (?:stage|phase)\b|\b(?:what|which) (?:are the |lifecycle )?(?:stages|phases)\b(?: are there| do we (?:have|use)| exist)?|\b(?:list|show|explain)(?: me)? (?:all )?(?:the )?(?:lifecycle )?(?:stages|phases)\b|\bwhat (?:does|is meant by|is)\b.*\b(?:mean|stage about|stage for|meaning)\b|\b(?:meaning|objective|goal|purpose|definition) of\b|\b(?:may|can|am i allowed to|are we allowed to|is it (?:ok|okay|allowed)|should) (?:i|we)?\b.*\b(?:discount|offer|upsell|referral|review|demo|case study)\w*\b|\b(?:allowed|forbidden|not allowed|permitted)\b|\bwhat helps in\b|\blifecycle model\b/;

/** What Perennial does not do, with the sentence that says so. */
export const CANNOT: [RegExp, string][] = [
  [
    /^(?:please |can you |could you |would you |will you |i want you to |go and )*(?:send|e-?mail|mail|update|change|set|create|add|delete|remove|assign|reassign|close|log|schedule|book|remind|post|move|mark|rename|merge|cancel|edit|write|draft|approve|transfer|forward|export|download|import)\b(?! (?:me )?(?:about|what|which|how|who))/,
    "I cannot change, write or send anything; I look things up and suggest.",
  ],
  [
    /\b(?:forecast|predict(?:ion)?|will (?:they|it|he|she|.{2,40}) (?:churn|renew|cancel|buy|leave)|probability|how likely|chance (?:of|that))\b/,
    "I cannot foresee what a customer will do; I can show the facts that speak for or against it.",
  ],
];

export const GREETING =
  /^(?:(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening)|moin|hallo|servus|yo|greetings)(?: there| perennial| team| all| everyone)?[\s,.!]*)+$/;
export const THANKS =
  /^(?:(?:thanks?|thank you|thx|cheers|great|perfect|nice|cool|ok(?:ay)?|got it|awesome|good job|well done|super|very much|so much|a lot|perennial)[\s,.!]*)+$/;
export const GOODBYE = /^(?:bye|goodbye|see you|cu|ciao|good night|that is all)\b[\s\w,.!]*$/;
export const HELP =
  /^(?:help|help me|what can you do|what do you do|what can i ask|what can i ask you|how do(?:es)? (?:you|this) work|who are you|what are you|commands|examples?|\?+)[\s?!.]*$/;
