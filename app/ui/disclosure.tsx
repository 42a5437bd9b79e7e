import { ChevronRight } from 'lucide-react'
import type { ReactNode } from 'react'

interface Props {
  /** Always shown; a click shows or hides the content. */
  summary: ReactNode
  children: ReactNode
}

/** A card whose content is hidden until it is opened. */
export const Disclosure = ({ summary, children }: Props) => (
  <details className="group rounded-xl border bg-card">
    <summary className="flex h-12 cursor-pointer items-center gap-2 px-4 font-medium select-none">
      <ChevronRight
        className="size-4 text-muted-foreground transition-transform group-open:rotate-90"
        aria-hidden
      />
      {summary}
    </summary>
    <div className="border-t">{children}</div>
  </details>
)
