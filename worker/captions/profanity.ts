/** Common English profanities and slurs, with their inflections. */
const PROFANITY =
  /^(?:(?:mother)?fuck\w*|(?:bull|horse)?shit\w*|cunts?|bitch\w*|ass(?:hole)?s?|bastards?|cocks?(?:ucker\w*)?|dick(?:head)?s?|pricks?|whores?|sluts?|nigg\w+|fag(?:got)?s?|tits?)$/i

export const isProfane = (word: string) => PROFANITY.test(word)
