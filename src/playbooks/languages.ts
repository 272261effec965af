/** The dictionary by which PostgreSQL stems a language: "german_stem". */
export const stemmerOf = (language: string): string => `${language}_stem`;
