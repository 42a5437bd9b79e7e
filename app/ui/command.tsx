import { Command as Cmdk } from 'cmdk'
import { Search } from 'lucide-react'
import { Dialog } from 'radix-ui'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'

interface DialogProps {
  label: string
  isOpen: boolean
  onClose(): void
  children: ReactNode
}

export function CommandDialog({ label, isOpen, onClose, children }: DialogProps) {
  return (
    <Dialog.Root open={isOpen} onOpenChange={(isShown) => !isShown && onClose()}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-50 bg-black/40" />
        <Dialog.Content
          aria-describedby={undefined}
          // Without selecting what has been typed, as the dialog would.
          onOpenAutoFocus={focusInput}
          className="fixed inset-x-0 top-[12vh] z-50 mx-auto w-[min(36rem,calc(100vw-2rem))] overflow-hidden rounded-xl border bg-card shadow-2xl"
        >
          <Dialog.Title className="sr-only">{label}</Dialog.Title>
          <Cmdk label={label} loop>
            {children}
          </Cmdk>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function focusInput(event: Event) {
  event.preventDefault()
  ;(event.currentTarget as HTMLElement).querySelector('input')?.focus()
}

export function CommandInput(props: ComponentProps<typeof Cmdk.Input>) {
  return (
    <div className="flex items-center gap-2.5 border-b px-4">
      <Search className="size-4 shrink-0 text-muted-foreground" aria-hidden />
      <Cmdk.Input
        className="h-12 w-full bg-transparent text-lg outline-none placeholder:text-muted-foreground"
        {...props}
      />
    </div>
  )
}

export function CommandList({ className, ...rest }: ComponentProps<typeof Cmdk.List>) {
  return <Cmdk.List className={cn('max-h-[50vh] overflow-y-auto p-1.5', className)} {...rest} />
}

export function CommandGroup(props: ComponentProps<typeof Cmdk.Group>) {
  return (
    <Cmdk.Group
      className="[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:py-1.5 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted-foreground"
      {...props}
    />
  )
}

export function CommandItem({ className, ...rest }: ComponentProps<typeof Cmdk.Item>) {
  return (
    <Cmdk.Item
      className={cn(
        'flex h-10 cursor-pointer items-center gap-2.5 rounded-md px-2.5 data-[selected=true]:bg-muted [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted-foreground',
        className,
      )}
      {...rest}
    />
  )
}

export const CommandEmpty = Cmdk.Empty
