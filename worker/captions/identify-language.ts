import type { Caption } from '@/lib/generated/prisma/client'
import * as messages from '@/lib/generated/messages/caption-tasks'
import { readPartAudio, type PartAudio, type PartRun, useSession } from './transcribe-part'
import type { Transcriber } from './transcriber'

/** A video without speech in so many chunks is transcribed without knowing its language. */
const MAX_CHUNKS = 4

/** The language (BCP 47) of the first speech in a part of a video; undefined without speech near its start. */
export async function identifyLanguage(
  run: PartRun,
  { track, transcriber, ...audio }: PartAudio & { track: Caption; transcriber: Transcriber },
) {
  run.report({ stage: messages.identifyingLanguage() })
  const chunks = readPartAudio(run, audio)
  try {
    return await useSession(run, { ...audio, track, transcriber, isKept: false }, async (session) => {
      let count = 0
      for await (const { samples } of chunks) {
        const { language } = await session.transcribe({ samples, isTranslated: false })
        if (language) return language
        if (++count === MAX_CHUNKS) return undefined
      }
      return undefined
    })
  } finally {
    await chunks.close()
  }
}
