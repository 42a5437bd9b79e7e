import * as messages from '@/lib/generated/messages/shell'
import { Search } from 'lucide-react'

interface Props {
  text: string
  onTextChange(text: string): void
  /** Enter was pressed. */
  onConfirm(): void
  onClose(): void
}

/** The command menu while it loads: keeps what is typed meanwhile. */
export const PendingCommandMenu = ({ text, onTextChange, onConfirm, onClose }: Props) => (
  <div className="fixed inset-0 z-50 bg-black/40">
    <div className="mx-auto mt-[12vh] flex w-[min(36rem,calc(100vw-2rem))] items-center gap-2.5 rounded-xl border bg-card px-4 shadow-2xl">
      <Search className="size-4 shrink-0 text-muted-foreground" aria-hidden />
      <input
        ref={(input) => input?.focus()}
        aria-label={messages.search()}
        placeholder={messages.search()}
        className="h-12 w-full bg-transparent text-lg outline-none placeholder:text-muted-foreground"
        value={text}
        onChange={(event) => onTextChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onClose()
          if (event.key === 'Enter') onConfirm()
        }}
      />
    </div>
  </div>
)
