import { DropdownMenu as Radix } from 'radix-ui'
import type { ComponentProps } from 'react'
import { cn } from './cn'

/** Not modal: a modal one hides the page from screen readers while its controls can still get the focus. */
export const DropdownMenu = (props: ComponentProps<typeof Radix.Root>) => (
  <Radix.Root modal={false} {...props} />
)
export const DropdownMenuTrigger = Radix.Trigger

export function DropdownMenuContent({ className, ...rest }: ComponentProps<typeof Radix.Content>) {
  return (
    <Radix.Portal container={findContainer()}>
      <Radix.Content
        align="end"
        sideOffset={4}
        className={cn(
          'z-50 max-h-(--radix-dropdown-menu-content-available-height) min-w-44 overflow-y-auto rounded-md border bg-card p-1 shadow-lg',
          className,
        )}
        {...rest}
      />
    </Radix.Portal>
  )
}

/** The open dialog, or else the main landmark: screen readers skip what is in no landmark. */
const findContainer = () =>
  typeof document === 'undefined'
    ? undefined
    : ([...document.querySelectorAll<HTMLElement>('[role="dialog"][data-state="open"]')].at(-1) ??
      document.querySelector('main'))

export function DropdownMenuItem({ className, ...rest }: ComponentProps<typeof Radix.Item>) {
  return (
    <Radix.Item
      className={cn(
        'flex h-8 cursor-pointer items-center gap-2 rounded px-2.5 outline-none data-disabled:cursor-default data-disabled:opacity-50 data-highlighted:bg-muted max-sm:h-10 [&_svg]:size-4 [&_svg]:text-muted-foreground',
        className,
      )}
      {...rest}
    />
  )
}

/** Explains the items above it. */
export const DropdownMenuLabel = ({ className, ...rest }: ComponentProps<typeof Radix.Label>) => (
  <Radix.Label
    className={cn('max-w-64 px-2.5 pt-0.5 pb-1.5 text-sm text-muted-foreground', className)}
    {...rest}
  />
)

export function DropdownMenuSeparator() {
  return <Radix.Separator className="-mx-1 my-1 h-px bg-border" />
}
