'use client'

import { type RefObject, useEffect, useState } from 'react'
import { useCues } from '@/app/features/captions/use-cues'
import type { CaptionDto, CueDto } from '@/lib/captions/schema'

interface CustomMediaElement {
  nativeEl: HTMLVideoElement
}

/** Unsaved cues of the editor, shown in place of the stored ones. */
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

/** One caption track in the player's menu. Its cues load and update while it is enabled. */
export function CaptionTrack({ media, caption, label, edited, onCaptionsToggle }: Props) {
  const [track, setTrack] = useState<TextTrack | null>(null)
  const [isEnabled, setEnabled] = useState(false)
  const editedCues = edited?.captionId === caption.id ? edited.cues : undefined
  const stored = useCues(caption, { isEnabled: isEnabled && !editedCues })
  const cues = editedCues ?? stored.cues
  const { language } = caption
  useEffect(() => {
    const video = media.current?.nativeEl
    if (!video) return
    const element = document.createElement('track')
    Object.assign(element, { kind: 'subtitles', label, srclang: language })
    video.append(element)
    const updateEnabled = () => setEnabled(element.track.mode !== 'disabled')
    const isAnyShowing = () =>
      [...video.textTracks].some(({ kind, mode }) => kind === 'subtitles' && mode === 'showing')
    let wasShowing = isAnyShowing()
    const handleChange = () => {
      updateEnabled()
      const isShowing = isAnyShowing()
      // Other tracks also change before captions first show; that does not turn captions off.
      if (isShowing || wasShowing) onCaptionsToggle(isShowing)
      wasShowing = isShowing
    }
    video.textTracks.addEventListener('change', handleChange)
    setTrack(element.track)
    updateEnabled()
    return () => {
      video.textTracks.removeEventListener('change', handleChange)
      element.remove()
    }
  }, [media, label, language, onCaptionsToggle])
  useEffect(() => {
    if (track && isEnabled) syncCues(track, cues)
  }, [track, isEnabled, cues])
  return null
}

/** Adds and removes only the cues that differ, so a cue on the screen does not flicker. */
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

// Cue text is plain; browsers parse VTTCue text as markup.
const escapeCueText = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
