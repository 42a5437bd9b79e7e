'use client'

import { useEffect, useState } from 'react'
import { droppedFiles } from './dropped-files'

/** Takes files that are dropped anywhere on the page, or pasted. True while some are held over it. */
export function usePageDrop(add: (files: File[]) => void) {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const over = (event: DragEvent) => hasFiles(event) && (event.preventDefault(), setOver(true))
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false)
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer || !hasFiles(event)) return
      event.preventDefault()
      setOver(false)
      void droppedFiles(event.dataTransfer).then(add)
    }
    const paste = (event: ClipboardEvent) => {
      if (event.clipboardData?.files.length) add([...event.clipboardData.files])
    }
    window.addEventListener('dragover', over)
    window.addEventListener('dragleave', leave)
    window.addEventListener('drop', drop)
    window.addEventListener('paste', paste)
    return () => {
      window.removeEventListener('dragover', over)
      window.removeEventListener('dragleave', leave)
      window.removeEventListener('drop', drop)
      window.removeEventListener('paste', paste)
    }
  }, [add])
  return isOver
}
