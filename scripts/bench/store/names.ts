const ONSETS =
  "b br c ch cl cr d dr f fl fr g gl gr h j k kl kr l m n p ph pl pr qu r s sc sh sk sl sm sn sp st str t th tr v w wh z".split(
    " ",
  );
const VOWELS = "a a a e e e i i o o u ai au ea ee ia io oa oo ou".split(" ");
const CODAS = " . . . l m n n r r s t x ck ld lt nd ng nt rd rk rn rt ss st th".replaceAll(".", "").split(" ");

/** Distinct coined words of two or three syllables, as company names begin with them. */
export function coinedWords(count: number, random: () => number): string[] {
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)]!;
  const words = new Set<string>();
  while (words.size < count) {
    const syllables = random() < 0.65 ? 2 : 3;
    let word = "";
    for (let at = 0; at < syllables; at++) word += pick(ONSETS) + pick(VOWELS);
    word += pick(CODAS);
    if (word.length >= 5 && word.length <= 12) words.add(word[0]!.toUpperCase() + word.slice(1));
  }
  return [...words];
}

/** What companies do, most frequent first. */
export const NOUNS =
  "Solutions Systems Group Services Technologies Consulting Partners Holdings Foods Logistics Industries Media Software Labs Capital Energy Health Design Trading Engineering Digital Networks Construction Marketing Insurance Pharma Properties Motors Security Finance Education Studios Ventures Textiles Electric Medical Transport Retail Packaging Plastics Steel Analytics Robotics Agency Advisors Automation Travel Hotels Printing Chemicals Dental Legal Furniture Apparel Brewing Bakery Dairy Farms Fisheries Forestry Mining Metals Glass Ceramics Paper Timber Tools Machinery Components Controls Instruments Optics Sensors Batteries Solar Wind Water Waste Recycling Environmental Geodata Mapping Aviation Aerospace Marine Shipping Rail Freight Courier Storage Warehousing Fulfilment Commerce Payments Banking Leasing Credit Assets Wealth Audit Tax Payroll Staffing Recruiting Training Academy Schools Publishing Books News Radio Film Games Sports Fitness Wellness Beauty Cosmetics Fashion Shoes Jewellery Watches Toys Baby Pets Garden Homes Kitchens Interiors Lighting Flooring Roofing Windows Plumbing Heating Cooling Elevators Cranes Bridges Roads Survey Architects Planning Facilities Cleaning Catering Events Tickets Tours Cruises Rentals Parking Mobility Cycling Tyres Fuels Lubricants Coatings Adhesives Polymers Fibres Yarns Carpets Leather Seeds Grains Coffee Tea Spices Juices Wines Spirits Sweets Snacks Meats Seafood Organics Nutrition Biotech Genomics Diagnostics Imaging Devices Implants Therapeutics Clinics Hospitals Care Nursing Telecom Broadband Hosting Cloud Data Storage Backup Identity Vision Voice Mobile Apps Platforms Integration".split(
    " ",
  );

export const PLACES =
  "Nord Süd West East Berlin Hamburg London Leeds Dublin Paris Lyon Madrid Porto Lisbon Milano Torino Wien Zürich Basel Praha Warsaw Oslo Bergen Malmö Aarhus Helsinki Tallinn Riga Vilnius Athens Austin Boston Chicago Denver Seattle Toronto Montreal Sydney Auckland Tokyo".split(
    " ",
  );

export const LEGAL_FORMS = "GmbH,Inc.,Ltd,LLC,AG,S.A.,B.V.,Corp.,GmbH & Co. KG,Oy,AB,S.r.l.".split(",");

/** One slip of the fingers in a word: two letters swapped, one lost, one doubled, or a wrong one. Never the first. */
export function misspelt(word: string, random: () => number): string {
  const at = 1 + Math.floor(random() * (word.length - 2));
  const [before, here, next, after] = [word.slice(0, at), word[at]!, word[at + 1]!, word.slice(at + 2)];
  const slip = here === next ? 1 + Math.floor(random() * 3) : Math.floor(random() * 4);
  if (slip === 0) return before + next + here + after;
  if (slip === 1) return before + next + after;
  if (slip === 2) return before + here + here + next + after;
  const wrong = String.fromCharCode(
    97 + ((here.toLowerCase().charCodeAt(0) - 97 + 1 + Math.floor(random() * 24) + 26) % 26),
  );
  return before + wrong + next + after;
}
