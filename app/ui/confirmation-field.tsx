import * as messages from '@/lib/generated/messages/ui'
import { Input } from './input'

interface Props {
  /** What has to be typed. */
  text: string
  typed: string
  onChange(typed: string): void
}

/** Asks the user to type `text`, before an action that cannot be undone. */
export const ConfirmationField = ({ text, typed, onChange }: Props) => (
  <label htmlFor="confirmation-text" className="flex min-w-0 flex-col gap-1.5">
    <span className="break-words">
      {messages.typeToConfirm({ text, strong: (children) => <strong>{children}</strong> })}
    </span>
    <Input
      id="confirmation-text"
      autoComplete="off"
      autoCapitalize="off"
      spellCheck={false}
      value={typed}
      onChange={(event) => onChange(event.target.value)}
    />
  </label>
)

/** Whether `text` was typed, in any case. */
export const isConfirmedBy = (typed: string, text: string) =>
  typed.trim().toLowerCase() === text.toLowerCase()
