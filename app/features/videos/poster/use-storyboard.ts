import { useEffect, useState } from 'react'
import { parseStoryboard, SHEET_SIDE, type StoryboardFrame } from './parse-storyboard'

/** The frames of the storyboard at `url`; undefined until it is loaded, and empty if it cannot be. */
export function useStoryboard(url: string) {
  const [frames, setFrames] = useState<StoryboardFrame[]>()
  useEffect(() => {
    const aborter = new AbortController()
    void fetch(url, { signal: aborter.signal })
      .then((response) => (response.ok ? response.text() : ''))
      .catch(() => '')
      .then((vtt) => !aborter.signal.aborted && setFrames(parseStoryboard(vtt)))
    return () => aborter.abort()
  }, [url])
  return frames
}

/** Shows a frame as the background of an element. */
export const frameStyle = (url: string, frame: StoryboardFrame) => ({
  aspectRatio: `${frame.width} / ${frame.height}`,
  backgroundImage: `url(${url.replace(/[^/]*$/, '')}${frame.sheet})`,
  backgroundSize: `${SHEET_SIDE * 100}% ${SHEET_SIDE * 100}%`,
  backgroundPosition: `${frame.x * 100}% ${frame.y * 100}%`,
})
