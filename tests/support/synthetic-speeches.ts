import { type Speech, wordsOfText } from './known-speech'
import { speak, speakWords } from './synthesize-voice'

const SENTENCES = {
  en:
    'Good morning and welcome. Today we are going to talk about the history of the railway in England. Most of the lines ' +
    'were built by small companies.',
  de:
    'Guten Morgen zusammen. Heute sprechen wir über die Geschichte der Eisenbahn in Deutschland. Morgen gehen wir mit den ' +
    'Kindern in den Garten.',
  es:
    'Buenos días a todos. Hoy vamos a hablar de la historia del tren en España. Por la noche cenamos juntos con nuestros ' +
    'amigos.',
  fr:
    "Bonjour à tous. Aujourd'hui, nous allons parler de l'histoire de la musique. Demain nous allons avec les enfants dans " +
    'le jardin.',
}

/** Numbers are pauses in seconds. */
const WORDS = {
  en:
    '0.8 Good morning and welcome to the lecture. 1.2 Last week we talked about the first engines, 0.4 and today we will ' +
    'follow them across the country. 1.5 Most of the lines were built by small companies. 1',
  de:
    '0.8 Morgen gehen wir mit den Kindern in den Garten. 1.2 Das Wetter ist heute sehr gut, 0.4 und die Sonne scheint. ' +
    '1.5 Am Abend essen wir zusammen mit unseren Freunden. 1',
  es:
    '0.8 Mañana vamos con los niños al jardín. 1.2 El tiempo es muy bueno hoy, 0.4 y hace mucho sol. 1.5 Por la noche ' +
    'cenamos juntos con nuestros amigos. 1',
}

const toVoice = (language: string) => (language === 'en' ? 'en-us' : language)

/** Sentences as a voice of espeak-ng speaks them, in four languages. */
export const speakSentences = (): Speech[] =>
  Object.entries(SENTENCES).map(([language, text]) => ({
    name: `synthetic voice (${language})`,
    language,
    pieces: [{ samples: speak(text, toVoice(language)), words: wordsOfText(text) }],
  }))

/** Sentences of which each word is spoken for itself, so that its time is known; they are harder to recognize. */
export const speakWordByWord = (): Speech[] =>
  Object.entries(WORDS).map(([language, text]) => {
    const { samples, words } = speakWords(text, toVoice(language))
    const name = `synthetic voice, word by word (${language})`
    return { name, language, isLanguageGiven: true, pieces: [{ samples, words }] }
  })
