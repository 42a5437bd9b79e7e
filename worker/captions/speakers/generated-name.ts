import * as messages from '@/lib/generated/messages/caption-names'
import { LOCALES } from '@/lib/i18n/locale'
import { runWithLocale } from '@/lib/i18n/run-with-locale'

/** The name of a speaker whom no user has named, counted from 1. */
export const generateSpeakerName = (number: number) => messages.generatedSpeaker({ number: String(number) })

/** With zero in place of the number, in all languages: the owner may have chosen another one since. */
const generatedNames = new Set(LOCALES.map((locale) => runWithLocale(locale, () => generateSpeakerName(0))))

/** Whether no user has named this speaker. */
export const isGeneratedSpeaker = (name: string) => generatedNames.has(name.replace(/\d+/, '0'))
