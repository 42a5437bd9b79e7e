import * as messages from '@/lib/generated/messages/api-reference'
import type { SchemaField } from './schema-fields'

interface Props {
  label: string
  fields: (SchemaField & { place?: string })[]
  /** Whether a card surrounds it. */
  isInside?: boolean
}

/** The fields of a schema: name, type and meaning, one below the other on phones. */
export const FieldTable = ({ label, fields, isInside = false }: Props) => (
  <dl aria-label={label} className={`divide-y ${isInside ? '' : 'rounded-xl border bg-card'}`}>
    {fields.map(({ name, type, isRequired, description, place }) => (
      <div
        key={`${place} ${name}`}
        className="grid gap-x-4 gap-y-0.5 px-4 py-2.5 sm:grid-cols-[14rem_minmax(0,1fr)]"
      >
        <dt className="min-w-0">
          <code className="font-mono text-sm break-words">{name.replaceAll('.', '.\u200b')}</code>
          {(isRequired || place) && (
            <span className="block text-sm text-muted-foreground">
              {[place, isRequired && place !== 'path' && messages.required()].filter(Boolean).join(' · ')}
            </span>
          )}
        </dt>
        <dd className="min-w-0">
          <span className="font-mono text-sm break-words text-muted-foreground">{type}</span>
          {description && <p>{description}</p>}
        </dd>
      </div>
    ))}
  </dl>
)
