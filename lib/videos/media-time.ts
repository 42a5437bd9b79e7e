/**
 * Offset of all stored media times, so that decoding times, which B-frames shift, are never negative: MP4 fragments
 * cannot express that. Players subtract it. Apple's segmenter uses the same ten seconds (decision 0017).
 */
export const MEDIA_TIME_OFFSET_SECONDS = 10
