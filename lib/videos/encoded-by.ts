import type { Prisma } from '../generated/prisma/client'
import type { ExtraCodec } from './ladder'

/** The payload of a task that encodes renditions: `video.transcode`, `video.compress` and their parts. */
export interface EncodingPayload {
  videoId: string
  /** Unset for a transcode. */
  codec?: ExtraCodec
}

/** Matches the renditions that a task creates. */
export const whereEncodedBy = ({ videoId, codec }: EncodingPayload) =>
  ({ videoId, extraCodec: codec ?? null }) satisfies Prisma.RenditionWhereInput
