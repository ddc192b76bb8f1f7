// Where long words may be parted.
const VOWEL = "[aeiouyéаеёиоуыэюя]";
const CONSONANT = "[b-df-hj-np-tv-xzбвгджзклмнпрстфхцчшщ]";
const LONG = /\p{L}{10,}/gu;
const SYLLABLES = new RegExp(`(\\p{L}{2}${VOWEL}${CONSONANT}{0,2})(?=${CONSONANT}${VOWEL}\\p{L})`, "giu");

/** Lets long words be parted between syllables, about; browsers know how in few languages, and none without a network. */
export const soft = (text) => text.replace(LONG, (word) => word.replace(SYLLABLES, "$1\u00AD"));
