import { z } from 'zod'

const frame = z.object({
  source: z.literal('frame'),
  atSeconds: z.number().min(0).max(1_000_000).describe('The time of the frame'),
})
const automatic = z.object({ source: z.literal('automatic') })

/** What a user chooses as the poster of a video without sending a file. */
export const posterRequestSchema = z.discriminatedUnion('source', [frame, automatic])

/** The uploaded picture, in a file that is named by the task. */
const picture = z.object({ source: z.literal('picture'), type: z.enum(['jpeg', 'png', 'webp']) })

export const posterChoiceSchema = z.discriminatedUnion('source', [frame, automatic, picture])
export type PosterChoice = z.infer<typeof posterChoiceSchema>
export type PictureType = z.infer<typeof picture>['type']
