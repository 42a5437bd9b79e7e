'use client'

import { type RefObject, useEffect, useState } from 'react'
import { useCues } from '@/app/features/captions/use-cues'
import type { CaptionDto, CueDto } from '@/lib/captions/schema'

interface CustomMediaElement {
  nativeEl: HTMLVideoElement
}

/** Cues that are being edited: the player shows them before they are stored. */
export interface EditedCues {
  captionId: string
  cues: readonly CueDto[]
}

interface Props {
  media: RefObject<CustomMediaElement | null>
  caption: CaptionDto
  label: string
  edited?: EditedCues
  onCaptionsToggle(isCaptioned: boolean): void
}

/** One track of captions in the player's menu. Its cues come and change while it is shown. */
export function CaptionTrack({ media, caption, label, edited, onCaptionsToggle: onCaptioned }: Props) {
  const [track, setTrack] = useState<TextTrack | null>(null)
  const [isShown, setShown] = useState(false)
  const own = edited?.captionId === caption.id ? edited.cues : undefined
  const known = useCues(caption, isShown && !own)
  const cues = own ?? known.cues
  const { language } = caption
  useEffect(() => {
    const video = media.current?.nativeEl
    if (!video) return
    const element = document.createElement('track')
    Object.assign(element, { kind: 'subtitles', label, srclang: language })
    video.append(element)
    const look = () => setShown(element.track.mode !== 'disabled')
    const isAnyShowing = () =>
      [...video.textTracks].some(({ kind, mode }) => kind === 'subtitles' && mode === 'showing')
    let wasShowing = isAnyShowing()
    const choose = () => {
      look()
      const isShowing = isAnyShowing()
      // A change of other tracks, before captions are shown for the first time, switches nothing off.
      if (isShowing || wasShowing) onCaptioned(isShowing)
      wasShowing = isShowing
    }
    video.textTracks.addEventListener('change', choose)
    setTrack(element.track)
    look()
    return () => {
      video.textTracks.removeEventListener('change', choose)
      element.remove()
    }
  }, [media, label, language, onCaptioned])
  useEffect(() => {
    if (track && isShown) syncCues(track, cues)
  }, [track, isShown, cues])
  return null
}

/** Only what is other than before is touched, so that a cue on the screen does not flicker. */
function syncCues(track: TextTrack, cues: readonly CueDto[]) {
  const wanted = new Map(cues.map((cue) => [cue.id, cue]))
  for (const shown of [...(track.cues ?? [])] as VTTCue[]) {
    const cue = wanted.get(shown.id)
    const isSame =
      cue &&
      shown.text === escapeCueText(cue.text) &&
      shown.startTime === cue.startSeconds &&
      shown.endTime === cue.endSeconds
    if (isSame) wanted.delete(cue.id)
    else track.removeCue(shown)
  }
  for (const cue of wanted.values()) {
    const added = new VTTCue(cue.startSeconds, cue.endSeconds, escapeCueText(cue.text))
    added.id = cue.id
    track.addCue(added)
  }
}

// Captions are text; a browser would take < for markup.
const escapeCueText = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
