// These files run in the browser: they, and nothing else of the house, may name what a browser has.
/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
