/** The dictionary by which PostgreSQL stems a language: "german_stem". */
export const stemmerOf = (language: string): string => `${language}_stem`;

/** The language that a dictionary is of. */
export const languageOf = (stemmer: string): string => stemmer.replace(/_stem$/, "");
