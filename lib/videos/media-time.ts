/**
 * Offset of all stored media time, so that B-frames never make a decoding time negative, which MP4 fragments cannot
 * express. Players subtract it; Apple's segmenter uses the same ten seconds (decision 0017).
 */
export const MEDIA_TIME_OFFSET_SECONDS = 10
