/** A piece of SQL with its parameters. Made by the `sql` tag only, so text from outside is always a parameter. */
export interface Sql {
  readonly strings: readonly string[];
  readonly values: readonly unknown[];
  /** Set where the server shall keep the plan; see `prepared`. */
  readonly name?: string;
  readonly [brand]: true;
}

const brand = Symbol("sql");

/** Tagged template: `${}` is a parameter, or another piece of `sql`. Arrays become PostgreSQL arrays. */
export function sql(strings: TemplateStringsArray, ...given: unknown[]): Sql {
  const texts: string[] = [strings[0]!];
  const values: unknown[] = [];
  given.forEach((value, index) => {
    const after = strings[index + 1]!;
    if (isSql(value)) {
      texts[texts.length - 1] = (texts.at(-1) ?? "") + value.strings[0];
      value.values.forEach((inner, at) => {
        values.push(inner);
        texts.push(value.strings[at + 1]!);
      });
      texts[texts.length - 1] += after;
    } else {
      values.push(value);
      texts.push(after);
    }
  });
  return { strings: texts, values, [brand]: true };
}

/** Pieces of SQL with a separator between them. */
export function join(pieces: readonly Sql[], separator: " and " | " or " | ", " | "\n"): Sql {
  const [first, ...rest] = pieces;
  if (!first) return sql``;
  return rest.reduce((whole, piece) => sql`${whole}${constant(separator)}${piece}`, first);
}

/** A column or table name of our own, quoted. Throws on anything but lower-case words. */
export function name(identifier: string): Sql {
  if (!/^[a-z][a-z0-9_]*$/.test(identifier)) throw new Error(`not a name of ours: ${identifier}`);
  return constant(`"${identifier}"`);
}

/**
 * A query that is asked all the time: a server plans it once a connection, not each time. The text must be the same for
 * every value; where pieces of it may be left out, the name says which.
 */
export const prepared = (name: string, query: Sql): Sql => ({ ...query, name });

/** The query as `pg` takes it. */
export function toQuery(piece: Sql): { text: string; values: unknown[] } {
  const text = piece.strings.reduce(
    (whole, string, index) => (index === 0 ? string : `${whole}$${index}${string}`),
    "",
  );
  return { text, values: [...piece.values] };
}

const constant = (text: string): Sql => ({ strings: [text], values: [], [brand]: true });
const isSql = (value: unknown): value is Sql => typeof value === "object" && value !== null && brand in value;
