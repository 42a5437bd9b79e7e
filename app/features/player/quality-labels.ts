import MediaRenditionMenu from 'media-chrome/menu/media-rendition-menu'
import { EXTRA_CODEC_LABELS } from '@/lib/videos/extra-codecs'

/** By the beginning of the codec string. */
const LABELS: Record<string, string> = { av01: EXTRA_CODEC_LABELS.av1, hvc1: EXTRA_CODEC_LABELS.hevc }

/** Distinguishes qualities of the same size by their codec: "720p AV1". The menu would show their bitrates. */
MediaRenditionMenu.formatRendition = ({ width = 0, height = 0, codec = '' }) =>
  [`${Math.min(width, height)}p`, LABELS[codec.slice(0, 4)]].filter(Boolean).join(' ')
