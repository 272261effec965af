/** Said where somebody asks for what is theirs, and nobody knows who asks. */
export const WHO_ARE_YOU =
  "I do not know whose accounts are yours here. Ask with the owner's name, or tell me who you are: in Slack it goes by your e-mail address in the CRM; in a terminal start with --as “Your Name”, or set PERENNIAL_ME.";
