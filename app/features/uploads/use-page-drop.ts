'use client'

import { useEffect, useState } from 'react'
import { readDroppedFiles, readFilesFromEntries } from './dropped-files'
import { takePreHydrationDrops } from './pre-hydration-drop'

/** Browsers fire `dragover` at least this often while files are held over the page. */
const DRAG_TIMEOUT_MS = 600

/** Reports files that are dropped anywhere on the page or pasted. Returns whether files are being dragged over it. */
export function usePageDrop(onFiles: (files: File[]) => void) {
  const [isDragOver, setDragOver] = useState(false)
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    let leaving: number | undefined
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return
      event.preventDefault()
      window.clearTimeout(leaving)
      setDragOver(true)
    }
    // Not every browser sets relatedTarget when the drag moves to another element.
    const leave = (event: DragEvent) => {
      if (event.relatedTarget !== null) return
      window.clearTimeout(leaving)
      leaving = window.setTimeout(() => setDragOver(false), DRAG_TIMEOUT_MS)
    }
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer || !hasFiles(event)) return
      event.preventDefault()
      window.clearTimeout(leaving)
      setDragOver(false)
      void readDroppedFiles(event.dataTransfer).then(onFiles)
    }
    const paste = (event: ClipboardEvent) => {
      if (event.clipboardData?.files.length) onFiles([...event.clipboardData.files])
    }
    window.addEventListener('dragover', over)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    window.addEventListener('paste', paste)
    void readFilesFromEntries(takePreHydrationDrops()).then((files) => files.length > 0 && onFiles(files))
    return () => {
      window.clearTimeout(leaving)
      window.removeEventListener('dragover', over)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
      window.removeEventListener('paste', paste)
    }
  }, [onFiles])
  return isDragOver
}
