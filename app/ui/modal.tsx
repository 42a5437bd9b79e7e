import { X } from 'lucide-react'
import { Dialog } from 'radix-ui'
import type { ReactNode } from 'react'
import * as commonMessages from '@/lib/generated/messages/common'
import { Button } from './button'
import { cn } from './cn'

interface Props {
  title: string
  description?: ReactNode
  /** Default: that of forms. */
  width?: 'wide'
  isOpen: boolean
  onOpenChange(isOpen: boolean): void
  children: ReactNode
}

export function Modal({ title, description, width, isOpen, onOpenChange, children }: Props) {
  return (
    <Dialog.Root open={isOpen} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-black/40" />
        <Dialog.Content
          {...(description ? {} : { 'aria-describedby': undefined })}
          className={cn(
            'fixed inset-x-0 top-[12vh] z-50 mx-auto flex max-h-[76vh] w-[min(28rem,calc(100vw-2rem))] flex-col gap-4 overflow-y-auto rounded-xl border bg-card p-5 shadow-2xl outline-none',
            width === 'wide' && 'top-[6vh] max-h-[88vh] w-[min(40rem,calc(100vw-2rem))]',
          )}
        >
          <div className="pe-8">
            <Dialog.Title className="text-lg font-semibold">{title}</Dialog.Title>
            {description && (
              <Dialog.Description className="mt-1 text-muted-foreground">{description}</Dialog.Description>
            )}
          </div>
          {children}
          {/* Last, so that the first field receives the focus. */}
          <Dialog.Close asChild>
            <Button
              variant="ghost"
              size="sm"
              aria-label={commonMessages.close()}
              className="absolute top-3 end-3"
            >
              <X className="size-4" />
            </Button>
          </Dialog.Close>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
