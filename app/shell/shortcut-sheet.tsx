import { useState } from 'react'
import { CheckboxField } from '@/app/ui/checkbox-field'
import { listRows, selectionCheckbox } from '@/app/ui/list-rows'
import { Modal } from '@/app/ui/modal'
import { areSingleKeysOn, setSingleKeysOn } from '@/app/ui/page-shortcut'
import { pageShortcutGroups, setShortcutSheetOpen, type ShortcutGroup } from '@/app/ui/shortcuts'
import * as messages from '@/lib/generated/messages/shortcuts'
import * as shortcutSheetMessages from '@/lib/generated/messages/shortcut-sheet'

/** Lists the keyboard shortcuts of the current page. */
export function ShortcutSheet() {
  // Read before the sheet covers the page.
  const [groups] = useState(() => mergeGroups([EVERYWHERE, ...listGroup(), ...pageShortcutGroups()]))
  const [isOn, setOn] = useState(areSingleKeysOn)
  return (
    <Modal title={messages.title()} isOpen onOpenChange={setShortcutSheetOpen}>
      {groups.map((group) => (
        <Group key={group.title()} {...group} />
      ))}
      {/* Nothing else opens this sheet in an embedded player. */}
      {window.top === window.self && (
        <CheckboxField
          label={shortcutSheetMessages.singleKeys()}
          hint={shortcutSheetMessages.singleKeysHint()}
          isChecked={isOn}
          onChange={(next) => {
            setOn(next)
            setSingleKeysOn(next)
          }}
        />
      )}
    </Modal>
  )
}

const EVERYWHERE: ShortcutGroup = {
  title: messages.everywhere,
  shortcuts: [{ keys: () => '?', label: shortcutSheetMessages.showShortcuts }],
}

/** Groups of the same title become one. */
const mergeGroups = (groups: readonly ShortcutGroup[]): ShortcutGroup[] =>
  [...Map.groupBy(groups, ({ title }) => title()).values()].map((same) => ({
    ...same[0]!,
    shortcuts: same.flatMap(({ shortcuts }) => shortcuts),
  }))

const Group = ({ title, hint, shortcuts }: ShortcutGroup) => (
  <section aria-label={title()}>
    <h3 className="mb-1.5 font-medium">{title()}</h3>
    {hint && <p className="mb-1.5 text-sm text-muted-foreground">{hint()}</p>}
    <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-x-6 gap-y-1.5">
      {shortcuts.map(({ keys, label }) => (
        <div key={keys()} className="contents">
          <dt>{label()}</dt>
          <dd className="text-end text-muted-foreground">
            <kbd className="font-sans">{keys()}</kbd>
          </dd>
        </div>
      ))}
    </dl>
  </section>
)

/** Those of lists, if the page has one. */
function listGroup(): ShortcutGroup[] {
  const rows = listRows()
  if (rows.length === 0) return []
  const selection = [
    { keys: () => 'X', label: shortcutSheetMessages.selectRow },
    { keys: shortcutSheetMessages.keysSelectRange, label: shortcutSheetMessages.selectRange },
  ]
  return [
    {
      title: shortcutSheetMessages.lists,
      shortcuts: [
        { keys: () => 'J', label: shortcutSheetMessages.nextRow },
        { keys: () => 'K', label: shortcutSheetMessages.previousRow },
        { keys: shortcutSheetMessages.keyEnter, label: shortcutSheetMessages.openRow },
        ...(rows.some(selectionCheckbox) ? selection : []),
      ],
    },
  ]
}
