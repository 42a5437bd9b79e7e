import { Button } from '@/app/ui/button'
import { copyText } from '@/app/ui/copy-text'
import { Field } from '@/app/ui/field'
import { Input } from '@/app/ui/input'
import { RadioCards } from '@/app/ui/radio-cards'
import { generatePassphrase } from './generate-passphrase'

export interface Protection {
  kind: 'passphrase' | 'recipients'
  /** The passphrase, or public keys separated by white space. */
  text: string
}

interface Props {
  value: Protection
  onChange(value: Protection): void
}

/** What an archive is encrypted with. */
export function ProtectionFields({ value, onChange }: Props) {
  const { kind, text } = value
  const setText = (changed: string) => onChange({ kind, text: changed })
  return (
    <>
      <RadioCards
        legend="Encrypt with"
        name="protection"
        value={kind}
        onChange={(chosen) => onChange({ kind: chosen, text: '' })}
        cards={[
          { value: 'passphrase', title: 'Passphrase', description: 'Needed to open the archive' },
          { value: 'recipients', title: 'Public keys', description: 'Of age, such as age1…' },
        ]}
      />
      {kind === 'passphrase' ? (
        <Field
          id="archive-passphrase"
          label="Passphrase"
          hint="At least 12 characters. It is removed from this server when the archive is done, so keep it yourself."
        >
          <Input
            id="archive-passphrase"
            required
            minLength={12}
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <div className="flex gap-2">
            <Button type="button" size="sm" onClick={() => setText(generatePassphrase())}>
              Generate
            </Button>
            <Button
              type="button"
              size="sm"
              disabled={!text}
              onClick={() => void copyText(text, 'the passphrase')}
            >
              Copy
            </Button>
          </div>
        </Field>
      ) : (
        <Field
          id="archive-recipients"
          label="Public keys"
          hint="One per line. Each of their secret keys opens the archive."
        >
          <textarea
            id="archive-recipients"
            required
            rows={3}
            autoComplete="off"
            spellCheck={false}
            className="w-full rounded-md border bg-card px-3 py-2 font-mono text-sm max-sm:text-lg"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
      )}
    </>
  )
}
