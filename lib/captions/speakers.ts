import { z } from 'zod'
import { sanitizeText } from '../text/sanitize'

/** The name of a speaker. */
export const speakerSchema = z.string().overwrite(sanitizeText).min(1).max(100)
