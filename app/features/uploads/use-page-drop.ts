'use client'

import { useEffect, useState } from 'react'
import { readDroppedFiles, readFilesFromEntries } from './dropped-files'
import { takePreHydrationDrops } from './pre-hydration-drop'

/** A browser tells again and again that files are held over a page, at least this often. */
const DRAG_TIMEOUT_MS = 600

/** Takes files that are dropped anywhere on the page, or pasted. True while some are held over it. */
export function usePageDrop(add: (files: File[]) => void) {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    let leaving: number | undefined
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      window.clearTimeout(leaving)
      setOver(true)
    }
    // Not every browser says whether they went to another element, or away.
    const leave = (event: DragEvent) => {
      if (event.relatedTarget !== null) return
      window.clearTimeout(leaving)
      leaving = window.setTimeout(() => setOver(false), DRAG_TIMEOUT_MS)
    }
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer || !hasFiles(event)) return
      event.preventDefault()
      window.clearTimeout(leaving)
      setOver(false)
      void readDroppedFiles(event.dataTransfer).then(add)
    }
    const paste = (event: ClipboardEvent) => {
      if (event.clipboardData?.files.length) add([...event.clipboardData.files])
    }
    window.addEventListener('dragover', over)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    window.addEventListener('paste', paste)
    void readFilesFromEntries(takePreHydrationDrops()).then((files) => files.length > 0 && add(files))
    return () => {
      window.clearTimeout(leaving)
      window.removeEventListener('dragover', over)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
      window.removeEventListener('paste', paste)
    }
  }, [add])
  return isOver
}
