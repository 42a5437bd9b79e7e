import { z } from 'zod'
import { sanitizeText } from '../text/sanitize'

/** The name of a speaker. */
export const speakerSchema = z.string().overwrite(sanitizeText).min(1).max(100)

/** Whether no user has named this speaker. */
export const isGeneratedSpeaker = (name: string) => /^Speaker \d+$/.test(name)
