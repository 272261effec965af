import type { Random } from "./random.ts";

const words = (text: string): string[] => text.split(/\s+/);

/** Word lists for companies and people, by the part of the world that they sound like. */
const FRONT =
  words(`Bright North Silver Stone Ash Oak Iron Clear Fair Green High Lake Maple Moor Ridge Thorn Fox Summer West
  Wild Winter Copper Amber Elder`);
const BACK = words(
  `field gate bridge brook crest dale forge haven mark mere mill point stead vale wick wood worth well`,
);
const GERMAN =
  words(`Albrecht Bergmann Brückner Dietz Eberhard Falkner Gerlach Haberland Immel Jäger Kessler Lindner Mertens
  Naumann Ostheim Pfeiffer Quandtner Rößler Steinbach Thalheim Ullrich Vogtland Wendland Zeller Ahrens
  Böhmer Clausen Dornbach Ehrlich Fährmann Grothe Hölscher Isenburg Jansen Körner Lauterbach Möllner
  Nordmann Oelmann Paulsen Reinhold Schönfeld Tiedemann Uhland Wittig Zollner Arnsberg Bielstein Cordes
  Dahlmann Engelhard Fichtner Gutmann Hellwig Kronberg Lorenzen Marquart Niebuhr Osterkamp Petersen Raabe
  Sandmann Trautwein Volkmar Wegener Zöllmer`);

export const INDUSTRIES: { name: string; word: string; german: string }[] = [
  { name: "Logistics", word: "Logistics", german: "Logistik" },
  { name: "Healthcare", word: "Health", german: "Klinikdienste" },
  { name: "Manufacturing", word: "Works", german: "Maschinenbau" },
  { name: "Software", word: "Systems", german: "Software" },
  { name: "Finance", word: "Capital", german: "Finanz" },
  { name: "Retail", word: "Stores", german: "Handel" },
  { name: "Education", word: "Learning", german: "Akademie" },
  { name: "Hospitality", word: "Hotels", german: "Hotels" },
  { name: "Media", word: "Media", german: "Medien" },
  { name: "Energy", word: "Energy", german: "Energie" },
];

const GIVEN: Record<string, string[]> = {
  english: words(`Alice Robert Grace Daniel Hannah Marcus Elena Victor Nora Samuel Joanna Theo Wendy Isaac Paula Connor
  Amara Dylan Ruth Leon`),
  german:
    words(`Anke Björn Clara Dieter Edda Florian Gesa Holger Ilka Jürgen Katrin Lars Mareike Norbert Petra Ralf Silke
  Torsten Ute Wiebke`),
  latin: words(`Adrien Bianca Carlos Delphine Enzo Fernanda Gaël Inés João Lucía Margaux Nuno Océane Paolo Renata Sofía
  Tiago Ximena`),
};
const FAMILY: Record<string, string[]> = {
  english: words(`Hartley Nakamura O'Brien Sinclair Osei Kowalski Bennett Adeyemi Pritchard Novak Sutton Rahman Fletcher
  Lindgren Castell Mbeki Thorne Yilmaz`),
  german:
    words(`Aumüller Brandt Cramer Dreyer Eichhorn Färber Gebhardt Hinrichs Kühn Lohse Matthes Nolte Pohl Rademacher
  Seidel Thiele Weidner Ziegler`),
  latin: words(`Almeida Bianchi Castellano Dubreuil Esposito Fontaine García Lacroix Marchetti Navarro Oliveira Peyron
  Quintero Rossi Teixeira Vasseur`),
};
const TITLES = [
  "Office Manager",
  "Head of Facilities",
  "Workplace Lead",
  "HR Director",
  "Operations Manager",
  "IT Manager",
  "Site Manager",
  "Finance Manager",
  "People Partner",
  "Chief Operating Officer",
];

/** The legal form that companies of a country carry; some names go without. */
const FORMS: Record<string, string[]> = {
  US: ["Inc.", "LLC", "Corp", ""],
  CA: ["Inc.", "Ltd", ""],
  BR: ["SA", ""],
  MX: ["SA", ""],
  GB: ["Ltd", "Limited", "plc", ""],
  IE: ["Ltd", ""],
  FR: ["SAS", "SARL", ""],
  NL: ["BV", ""],
  SE: ["AB", ""],
  ES: ["SL", ""],
  IT: ["Srl", ""],
  DE: ["GmbH", "AG", "GmbH & Co. KG"],
  AT: ["GmbH", "AG"],
  CH: ["AG", "GmbH"],
};

const isGerman = (country: string): boolean => ["DE", "AT", "CH"].includes(country);

function tongueOf(country: string): "english" | "german" | "latin" {
  if (isGerman(country)) return "german";
  return ["FR", "ES", "IT", "BR", "MX"].includes(country) ? "latin" : "english";
}

/** A name for each company, never the same twice, whatever its legal form. */
export function companyNames(random: Random): (country: string, industry: (typeof INDUSTRIES)[number]) => string {
  const stems = random.some(
    FRONT.flatMap((front) => BACK.map((back) => front + back)),
    Number.POSITIVE_INFINITY,
  );
  const families = random.some(GERMAN, Number.POSITIVE_INFINITY);
  return (country, industry) => {
    const family = isGerman(country) ? families.pop() : undefined;
    const stem = family ?? stems.pop();
    if (!stem) throw new Error("the lists of company names are used up");
    const form = random.pick(FORMS[country] ?? [""]);
    return [stem, family ? industry.german : industry.word, form].filter((word) => word !== "").join(" ");
  };
}

export function personName(random: Random, country: string): string {
  const tongue = tongueOf(country);
  return `${random.pick(GIVEN[tongue] ?? [])} ${random.pick(FAMILY[tongue] ?? [])}`;
}

export const jobTitle = (random: Random): string => random.pick(TITLES);

/** A company that is no account of ours, such as one that a customer recommends us to. */
export const strangerName = (random: Random): string => `${random.pick(FRONT)}${random.pick(BACK)} Cooperative`;
