// A CidConfig as a form. What the node refuses is said at the field that it is
// about; what is there is kept.
import type { ComponentChildren, TargetedEvent } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { at, type CidConfig, type FfsWallet } from '../../api/ffs'
import { ApiError, getNow, wordsOf } from '../../api/http'
import type { Page } from '../../api/types'
import { node } from '../../live/node'
import { Command } from '../../parts/text'
import { fieldOf } from '../../words/ffs'
import { allFields, coldFields, configOf, draftOf, hotFields, setFlags, shown, valueAt, type Draft, type Field } from '../../words/ffsconfig'

export interface ConfigFormProps {
  preset: CidConfig
  /// Whose addresses can pay; none for the node's own default.
  instance?: string
  verb: string
  /// The command line that does the same, without what is set; where there is one.
  command?: string
  run: (config: CidConfig) => Promise<void>
  /// Whether it may be sent although nothing was changed.
  unchanged?: boolean
  children?: ComponentChildren
}

interface Room { draft: Draft; errors: Record<string, string>; set: (path: string, value: string | boolean) => void; wallets: FfsWallet[] }

function useWallets(instance: string | undefined): FfsWallet[] {
  const [wallets, setWallets] = useState<FfsWallet[]>([])
  useEffect(() => {
    if (instance) getNow<Page<FfsWallet>>(at(instance, 'wallets')).then((w) => setWallets(w.items)).catch(() => setWallets([]))
  }, [instance])
  return wallets
}

function Input({ field, room, id }: { field: Field; room: Room; id: string }) {
  const value = room.draft[field.path]
  const wrong = room.errors[field.path] ? { 'aria-invalid': true, 'aria-describedby': `${id}-no` } : {}
  const onInput = (e: TargetedEvent<HTMLInputElement | HTMLSelectElement>) => room.set(field.path, e.currentTarget.value)
  if (field.kind === 'flag') return <input id={id} type="checkbox" checked={value === true} onChange={(e) => room.set(field.path, e.currentTarget.checked)} {...wrong} />
  if (field.kind === 'address' && room.wallets.length > 0)
    return (
      <select id={id} value={String(value)} onChange={onInput} {...wrong}>
        <option value="">the default address</option>
        {room.wallets.map((w) => <option key={w.addr} value={w.addr}>{w.name} {w.addr.slice(0, 10)}…</option>)}
      </select>
    )
  const placeholder = field.kind === 'address' ? 'the default address' : field.kind === 'list' ? 'none' : ''
  return <input id={id} type="text" inputMode={field.kind === 'count' ? 'numeric' : undefined} value={String(value)} placeholder={placeholder} autocomplete="off" spellcheck={false} onInput={onInput} {...wrong} />
}

function FieldRow({ field, room }: { field: Field; room: Room }) {
  const id = `field-${field.path.replace('.', '-')}`
  const error = room.errors[field.path]
  return (
    <div class={`field ${field.kind} ${error ? 'wrong' : ''}`} data-field={field.path}>
      <label for={id}>{field.label}</label>
      <Input field={field} room={room} id={id} />
      {field.help && <p class="help">{field.help}</p>}
      {error && <p class="no" id={`${id}-no`} role="alert">{error}</p>}
    </div>
  )
}

function Part({ title, fields, room }: { title: string; fields: Field[]; room: Room }) {
  return (
    <fieldset>
      <legend>{title}</legend>
      {fields.filter((f) => !f.needs || room.draft[f.needs] === true || room.errors[f.path]).map((f) => <FieldRow key={f.path} field={f} room={room} />)}
    </fieldset>
  )
}

/// "cold.dealMinDuration is too short." beside that field: "It is too short."
function withoutPath(message: string, path: string): string {
  const rest = message.slice(path.length)
  if (rest.startsWith(':')) return rest.slice(1).trim().replace(/^./, (c) => c.toUpperCase())
  return (rest.startsWith(' are ') ? 'They' : 'It') + rest
}

/// The node's words, at the field that they are about.
function refused(problem: unknown, epochSeconds: number): { errors: Record<string, string>; rest: string } {
  if (!(problem instanceof ApiError)) return { errors: {}, rest: String(problem) }
  const { message, limit } = problem
  const field = allFields.find((f) => f.path === fieldOf(message))
  if (!field) return { errors: {}, rest: wordsOf(problem) }
  const bound = /^\d+$/.test(limit) ? String(shown(limit, field.kind, epochSeconds)) : limit
  return { errors: { [field.path]: withoutPath(message, field.path) + (bound ? ` Limit: ${bound}.` : '') }, rest: '' }
}

/// What contradicts a flag that is off, and is not seen any more.
const quiet: Record<string, string | boolean> = { 'hot.unfreezeMaxPrice': '0', 'cold.renew': false }

/// What does not apply is sent as it was: it is not seen, so it must not be refused.
function withoutHidden(config: CidConfig, draft: Draft, preset: CidConfig): CidConfig {
  const sent = structuredClone(config) as unknown as Record<string, Record<string, unknown>>
  for (const f of allFields) {
    const [part, name] = f.path.split('.')
    if (f.needs && draft[f.needs] !== true && name) sent[part][name] = quiet[f.path] ?? valueAt(preset, f.path)
  }
  return sent as unknown as CidConfig
}

const some = (errors: Record<string, string>) => Object.keys(errors).length > 0

export function ConfigForm(props: ConfigFormProps) {
  const { preset, verb } = props
  const seconds = node.value?.epochSeconds || 30
  const [draft, setDraft] = useState(() => draftOf(preset, seconds))
  const [errors, setErrors] = useState<Record<string, string>>({})
  const [rest, setRest] = useState('')
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const wallets = useWallets(props.instance)
  useEffect(() => {
    if (some(errors)) form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus()
  }, [errors])
  const set = (path: string, value: string | boolean) => {
    setDraft((d) => ({ ...d, [path]: value }))
    if (errors[path]) setErrors(({ [path]: _, ...others }) => others)
  }
  const { config: meant, errors: unreadable } = configOf(draft, seconds)
  const config = withoutHidden(meant, draft, preset)
  const flags = some(unreadable) ? '' : setFlags(config, preset)
  const submit = async (e: Event) => {
    e.preventDefault()
    const applies = (f: Field) => !f.needs || draft[f.needs] === true
    const now = Object.fromEntries(allFields.filter((f) => unreadable[f.path] && applies(f)).map((f) => [f.path, unreadable[f.path]]))
    setErrors(now)
    setRest('')
    if (some(now)) return
    setBusy(true)
    try {
      await props.run(config)
    } catch (problem) {
      const no = refused(problem, seconds)
      setErrors(no.errors)
      setRest(no.rest)
    }
    setBusy(false)
  }
  const room: Room = { draft, errors, set, wallets }
  return (
    <form class="config" ref={form} onSubmit={submit} noValidate>
      <div class="parts">
        <Part title="Hot: here" fields={hotFields} room={room} />
        <Part title="Cold: with providers" fields={coldFields} room={room} />
      </div>
      {props.children}
      {rest && <p class="problem" role="alert">{rest}</p>}
      <footer class="row">
        <button type="submit" class="primary" disabled={busy || (!flags && !props.unchanged && !some(unreadable))}>{verb}</button>
        {props.command && <Command line={props.command + flags} />}
      </footer>
    </form>
  )
}
