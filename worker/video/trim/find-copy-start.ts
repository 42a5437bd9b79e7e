import type { Video } from '@/lib/generated/prisma/client'
import { currentKeys } from '@/lib/storage/keys'
import { readWhole } from '../../media/read-files'
import { startsClean } from '../ffmpeg/starts-clean'
import { planPieces } from './plan-pieces'
import type { TrimRun, WholeRendition } from './trim-run'

/**
 * Has a copied rendition be encoded up to the first whole segment that refers to nothing before it: in files with open groups of
 * pictures, that may be far, or none.
 */
export async function findCopyStart(
  run: TrimRun,
  { base, rendition, init }: { base: Video; rendition: WholeRendition; init: Buffer },
): Promise<WholeRendition> {
  const { name, mode, segments, frameRate } = rendition
  if (mode !== 'copy') return rendition
  const { head, kept } = planPieces(segments, run.payload, 0.5 / frameRate!)
  // Nothing is cut before the first one.
  if (!head && kept[0]?.index === segments[0]?.index) return rendition
  for (const { index } of kept) {
    run.signal.throwIfAborted()
    if (startsClean(await readWhole(run, currentKeys(base).segment(name, index)), init))
      return { ...rendition, copiedFrom: index }
  }
  return { ...rendition, copiedFrom: Infinity }
}
