import type { ExtraCodec } from './ladder'

export const EXTRA_CODEC_LABELS: Record<ExtraCodec, string> = { av1: 'AV1', hevc: 'HEVC' }

/** Whether a rendition in this codec is created by `video.compress`, after the video is done. */
export const isExtraCodec = (codec?: string | null): codec is ExtraCodec =>
  Boolean(codec && codec in EXTRA_CODEC_LABELS)

/** The name of an encoded rendition for display: "720p", or "720p AV1" for a codec other than H.264. */
export const rungLabel = ({ name, codec }: { name: string; codec?: string | null }) =>
  isExtraCodec(codec) ? `${name.replace(`-${codec}`, '')} ${EXTRA_CODEC_LABELS[codec]}` : name
