// What an instance may use, beside what it uses: changed by an operator.
import { useState } from 'preact/hooks'
import { at, type Instance, type Quota } from '../../api/ffs'
import { send, wordsOf } from '../../api/http'
import { Used } from '../../drawings/used'
import { useRecord, type Loaded } from '../../live/record'
import { Command } from '../../parts/text'
import { say } from '../../parts/toast'
import { link } from '../../routes'
import { exactFil, exactSize, parseBytes, parseFil } from '../../words/amounts'
import { amount, atLimit, fullness, hasLimit, limitFlags, limitsOf, type Limit, type LimitKind } from '../../words/limits'

const pace = 3000

/// With what it uses: it changes with what the instance keeps, its jobs, deals and messages.
export function useUse(of: Instance): Loaded<Instance> {
  const owner = `ffs/${of.id}`
  return useRecord<Instance>({
    path: at(of.id),
    params: { usage: 1 },
    pace,
    concerns: (c) => (c.table === 'ffs-cids' && c.key.startsWith(of.id)) || c.key === of.id || c.table === 'deals' || c.table === 'messages' || (c.table === 'contents' && c.record?.owner === owner),
  })
}

type Draft = Record<LimitKind, string>

const fields: { kind: LimitKind; label: string; help: string; wrong: string }[] = [
  { kind: 'bytes', label: 'Bytes that it keeps', help: 'Of each CID that it keeps or has staged, once, hot or cold. What is over it is refused, what is kept stays.', wrong: 'A size is needed, such as 10 GiB or 500 MB; 0 is no limit.' },
  { kind: 'jobs', label: 'Jobs that wait', help: 'At a time. A push over it is refused; repairs and renewals are not.', wrong: 'A whole number is needed; 0 is no limit.' },
  { kind: 'spend', label: 'Spend, in all', help: 'What its deals promise to pay and what it sends to others, since it was made.', wrong: 'An amount is needed, such as 5 FIL or 20 nanoFIL; 0 is no limit.' },
]

function draftOf(limits: Quota): Draft {
  const text = { bytes: exactSize(limits.bytes), jobs: String(limits.jobs), spend: exactFil(limits.spend) }
  return Object.fromEntries(fields.map(({ kind }) => [kind, hasLimit(limits, kind) ? text[kind] : ''])) as Draft
}

/// What stands in a field; null when it cannot be read. Nothing is no limit.
function read(kind: LimitKind, text: string): number | string | null {
  const words = text.trim() || '0'
  if (kind === 'bytes') return parseBytes(words)
  if (kind === 'spend') return parseFil(words)
  return /^\d+$/.test(words) ? Number(words) : null
}

function UseLine({ kind, limit, use }: { kind: LimitKind; limit?: Limit; use?: Quota }) {
  if (!use) return <p class="help">…</p>
  if (!limit) return <p class="help use">{amount(kind, use[kind])} {kind === 'jobs' ? 'wait' : 'used'}, no limit</p>
  return <p class="help use"><Used limit={limit} /> {fullness(limit.part) === 'full' && <span class="wait">{atLimit[kind]}</span>}</p>
}

export function LimitsForm({ of }: { of: Instance }) {
  const [name, setName] = useState(of.name)
  const [draft, setDraft] = useState(() => draftOf(of.limits))
  const [error, setError] = useState('')
  const use = useUse(of).value?.usage
  const now = Object.fromEntries(fields.map(({ kind }) => [kind, read(kind, draft[kind])])) as Record<LimitKind, number | string | null>
  const bad = fields.some(({ kind }) => now[kind] === null)
  const wished = (bad ? of.limits : now) as unknown as Quota
  const flags = limitFlags(wished, of.limits)
  const same = name === of.name && !flags
  const submit = async (e: Event) => {
    e.preventDefault()
    if (bad || same || !name.trim()) return
    try {
      await send('PATCH', at(of.id), { ...(name !== of.name ? { name } : {}), ...(flags ? { limits: wished } : {}) })
      say('The instance was changed.')
      setError('')
    } catch (problem) {
      setError(wordsOf(problem))
    }
  }
  const used = use ? limitsOf(of.limits, use) : []
  return (
    <section aria-label="Name and limits">
      <h2>Name and limits</h2>
      <form class="config limits" onSubmit={submit} noValidate>
        <div class="field">
          <label for="instance-name">Name</label>
          <input id="instance-name" type="text" value={name} maxLength={100} onInput={(e) => setName(e.currentTarget.value)} />
        </div>
        {fields.map(({ kind, label, help, wrong }) => (
          <div key={kind} class={`field ${now[kind] === null ? 'wrong' : ''}`}>
            <label for={`instance-${kind}`}>{label}</label>
            <input id={`instance-${kind}`} type="text" inputMode={kind === 'jobs' ? 'numeric' : undefined} placeholder="no limit" autocomplete="off" spellcheck={false} value={draft[kind]} aria-invalid={now[kind] === null} aria-describedby={`instance-${kind}-help`} onInput={(e) => setDraft({ ...draft, [kind]: e.currentTarget.value })} />
            <UseLine kind={kind} limit={used.find((l) => l.kind === kind)} use={use} />
            <p class="help" id={`instance-${kind}-help`}>{help}</p>
            {now[kind] === null && <p class="no" role="alert">{wrong}</p>}
          </div>
        ))}
        {error && <p class="problem" role="alert">{error}</p>}
        <footer class="row">
          <button type="submit" class="primary" disabled={same || bad || !name.trim()}>Change</button>
          {flags && <Command line={`weir ffs limit ${of.id}${flags}`} />}
        </footer>
      </form>
    </section>
  )
}

function Near({ of }: { of: Instance }) {
  const use = useUse(of).value?.usage
  const [near] = use ? limitsOf(of.limits, use).filter((l) => fullness(l.part)) : []
  if (!near) return null
  const full = fullness(near.part) === 'full'
  return (
    <a class="plain near" href={link('ffs', of.id, 'settings')} title={full ? atLimit[near.kind] : 'Its limits are in its settings'}>
      <Used limit={near} named /> <span class="wait">{full ? 'at its limit' : 'near its limit'}</span>
    </a>
  )
}

/// Beside the way to its pages, where nothing moves when it comes: the limit that is near, or reached.
export function NearLimit({ of }: { of: Instance }) {
  return limitsOf(of.limits, of.limits).length > 0 ? <Near of={of} /> : null
}
