import { PermanentError } from '@/lib/errors'

export const imageUnknown = (name: string) =>
  new PermanentError({
    code: 'machine.image_unknown',
    message: `There is no image ${name} on this server.`,
    advice: 'Choose one from the list.',
  })

export const imageBroken = (name: string, why: string, cause?: unknown) =>
  new PermanentError({
    code: 'machine.image_broken',
    message: `The image ${name} cannot be used: ${why}.`,
    advice: 'Choose another image, or ask the administrator to look at it.',
    cause,
  })
